import type { Scheduler } from '@carillon/core';
import { Alarm, type Backend, errorInfo, type JobStore, type Report } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { CheckedSettings } from './check.js';
import { Silences } from './silences.js';
import { LostPlaceError } from './state-writer.js';
import { Watch } from './watch.js';

/** How long the watching process may be silent until another one may take its place, ms. */
const PLACE_MS = 15_000;
const RENEW_MS = 3_000;
const TURN_MS = 1_000;

/** A fault because of which this process does not watch a job store. */
export interface WatchFault {
  readonly since: Date;
  readonly why: string;
}

interface WatcherHealth {
  readonly jobStore: string;
  /** Whether this process watches the job store. */
  readonly watches: boolean;
  /** null if nothing is wrong. */
  readonly fault: WatchFault | null;
}

export interface WatcherParts {
  readonly store: JobStore;
  readonly scheduler: Scheduler;
  readonly backend: Backend;
  /** The id of this process. */
  readonly watcherId: string;
  /** The settings, with the rules of this job store only. */
  readonly settings: CheckedSettings;
  readonly logger: Logger;
  readonly report: Report;
}

/** Watches a job store while this process holds the place of the watcher; otherwise it waits for that place. */
export class Watcher {
  readonly #parts: WatcherParts;
  readonly #renewAlarm: Alarm;
  readonly #turnAlarm: Alarm;
  readonly #delivered = new Set<string>();
  #isStopped = false;
  #holds = false;
  readonly #silences: Silences;
  #watch: Watch | undefined;
  #running: Promise<unknown> | undefined;
  #fault: WatchFault | null = null;
  #before: ReadonlyMap<string, string> = new Map();

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    const { alias, alerts } = parts.store;
    this.#silences = new Silences({ jobStore: alias, read: async () => (await alerts.read()).silences });
    this.#renewAlarm = new Alarm(parts.backend.clock);
    this.#turnAlarm = new Alarm(parts.backend.clock);
  }

  get health(): WatcherHealth {
    return { jobStore: this.#parts.store.alias, watches: this.#watch !== undefined, fault: this.#fault };
  }

  /** Resolves once it has asked for the place. */
  async start(): Promise<void> {
    await this.#renew().catch((error: unknown) => this.#failed(error));
    if (this.#isStopped) return;
    this.#running = Promise.all([this.#renewAll(), this.#turnAll()]);
  }

  /** Ends what is under way, and leaves the place to the next one. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#renewAlarm.ring();
    this.#turnAlarm.ring();
    await this.#running;
    await this.#end();
    if (this.#holds)
      await this.#parts.store.alerts.hold({ watcherId: this.#parts.watcherId, forMs: 0 }).catch(() => {});
  }

  /** Renews the places apart from the turns: a long turn does not lose the place. */
  async #renewAll(): Promise<void> {
    while (!this.#isStopped) {
      await this.#renewAlarm.sleep(RENEW_MS);
      if (!this.#isStopped) await this.#renew().catch((error: unknown) => this.#failed(error));
    }
  }

  async #renew(): Promise<void> {
    const { store, watcherId } = this.#parts;
    const { holds, silences } = await store.alerts.hold({ watcherId, forMs: PLACE_MS });
    this.#silences.note(silences);
    if (holds !== this.#holds) this.#turnAlarm.ring();
    this.#holds = holds;
  }

  async #turnAll(): Promise<void> {
    while (!this.#isStopped) {
      const isMore = await this.#turn().catch((error: unknown) => this.#failed(error));
      if (!isMore && !this.#isStopped) await this.#turnAlarm.sleep(TURN_MS);
    }
  }

  /** Returns whether there is more to read. */
  async #turn(): Promise<boolean> {
    if (!this.#holds) {
      this.#fault = null;
      await this.#end();
      return false;
    }
    const { report: _, ...parts } = this.#parts;
    if (!this.#watch) {
      this.#watch = await Watch.begin({
        ...parts,
        silences: this.#silences,
        delivered: this.#delivered,
        before: this.#before,
      });
      this.#parts.logger.info({ jobStore: parts.store.alias }, 'watching a job store for alerts');
    }
    const isMore = await this.#watch.turn();
    this.#fault = null;
    return isMore;
  }

  /** Reads the kept state again: it is not known which part of it was written. */
  async #failed(error: unknown): Promise<false> {
    const { report, store } = this.#parts;
    if (error instanceof LostPlaceError) this.#holds = false;
    else if (!this.#isStopped) {
      this.#fault ??= { since: new Date(), why: errorInfo(error).message };
      report({ kind: 'log_failed', jobStore: store.alias, error });
    }
    await this.#end();
    return false;
  }

  async #end(): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    await watch?.end();
    if (watch) this.#before = watch.kept;
  }
}
