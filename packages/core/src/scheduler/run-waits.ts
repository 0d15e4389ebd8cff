import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import { type Clock, upkeepOf } from '../ports/clock.js';
import type { EventBus, Unsubscribe } from '../ports/event-bus.js';
import type { JobRecords, RunReading } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { OUTCOME_TYPES } from '../run/outcomes.js';
import { endEach, subscribeToEach } from './subscriptions.js';

/** How often the runs that a caller waits for are read, whatever is published: a published message can be lost on its way. */
const REREAD_MS = 2_000;
const READ_AT_ONCE = 50;
/** Ids have no quotes or backslashes, and what users wrote has backslashes before its quotes. */
const RUN_ID = /"runId":"([^"\\]+)"/;

interface Waiter {
  readonly resolve: (reading: RunReading) => void;
  readonly reject: (error: unknown) => void;
  /** Its run was known when it was looked at. */
  wasRead: boolean;
}

/**
 * Waits for runs of one job store to end. Events only say when to look; what is answered was read. Without waits, there are no
 * subscriptions.
 */
export class RunWaits {
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #bus: EventBus;
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #wanted = new Set<string>();
  #isReading = false;
  #subscription: Promise<readonly Unsubscribe[]> | undefined;
  #cancelReread = () => {};
  /** Why no wait is possible any more. */
  #closed: Error | undefined;

  constructor({ alias, records }: JobStore, backend: Pick<Backend, 'eventBus' | 'clock'>, report: Report) {
    this.#alias = alias;
    this.#records = records;
    this.#bus = backend.eventBus(alias);
    this.#clock = upkeepOf(backend.clock);
    this.#report = report;
  }

  /** Resolves with what is known of a run once it is not owed any more. `stop` gives up. */
  wait(runId: string): { readonly ended: Promise<RunReading>; readonly stop: () => void } {
    let stop = () => {};
    const ended = new Promise<RunReading>((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      const waiter: Waiter = { resolve, reject, wasRead: false };
      const waiters = this.#waiters.get(runId) ?? new Set();
      this.#waiters.set(runId, waiters.add(waiter));
      stop = () => {
        waiters.delete(waiter);
        if (waiters.size === 0 && this.#waiters.get(runId) === waiters) this.#waiters.delete(runId);
      };
    });
    void this.#listen().then(() => this.#look([runId]));
    return { ended, stop };
  }

  /** Rejects each wait, now or later, with the reason why no outcome will reach it. */
  close(why: Error): void {
    this.#closed = why;
    this.#rejectAll([...this.#waiters.keys()], () => true, why);
    void this.#unlisten();
  }

  /** Resolves once subscribed. Where that fails, rereading has to do, and tries it again. */
  #listen(): Promise<unknown> {
    if (this.#closed) return Promise.resolve();
    if (!this.#subscription) this.#rereadLater();
    this.#subscription ??= this.#subscribe();
    return this.#subscription;
  }

  async #subscribe(): Promise<readonly Unsubscribe[]> {
    const onMessage = (message: string) => {
      const runId = RUN_ID.exec(message)?.[1];
      if (runId !== undefined && this.#waiters.has(runId)) void this.#look([runId]);
    };
    const { ends, failed } = await subscribeToEach(this.#bus, OUTCOME_TYPES, onMessage);
    if (!failed) return ends;
    this.#subscription = undefined;
    await endEach(ends);
    return [];
  }

  async #unlisten(): Promise<void> {
    this.#cancelReread();
    const subscription = this.#subscription;
    this.#subscription = undefined;
    await endEach((await subscription) ?? []);
  }

  #rereadLater(): void {
    this.#cancelReread();
    this.#cancelReread = this.#clock.after(REREAD_MS, () => {
      if (this.#waiters.size === 0) {
        void this.#unlisten();
        return;
      }
      this.#rereadLater();
      void this.#listen();
      void this.#look([...this.#waiters.keys()]);
    });
  }

  /** Reads these runs, together with those that are asked for meanwhile. */
  async #look(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.#wanted.add(runId);
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#wanted.size > 0) {
      const part = [...this.#wanted].filter((runId) => this.#waiters.has(runId)).slice(0, READ_AT_ONCE);
      if (part.length === 0) this.#wanted.clear();
      else await this.#read(part);
    }
    this.#isReading = false;
  }

  async #read(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.#wanted.delete(runId);
    try {
      const readings = await this.#records.runs(runIds);
      for (const [index, runId] of runIds.entries()) this.#resolve(runId, readings[index]);
    } catch (error) {
      // What was read before goes on: an outage ends. Else, there may be nothing to wait for.
      this.#rejectAll(runIds, ({ wasRead }) => !wasRead, error);
      if (runIds.some((runId) => this.#waiters.has(runId))) {
        this.#report({ kind: 'runs_not_read', jobStore: this.#alias, error });
      }
    }
  }

  #resolve(runId: string, reading: RunReading | undefined): void {
    const waiters = this.#waiters.get(runId) ?? new Set();
    for (const waiter of waiters) waiter.wasRead = true;
    if (!reading || reading.live) return;
    this.#waiters.delete(runId);
    for (const { resolve } of waiters) resolve(reading);
  }

  #rejectAll(runIds: readonly string[], which: (waiter: Waiter) => boolean, error: unknown): void {
    for (const runId of runIds) {
      const waiters = this.#waiters.get(runId) ?? new Set();
      for (const waiter of [...waiters].filter(which)) {
        waiters.delete(waiter);
        waiter.reject(error);
      }
      if (waiters.size === 0) this.#waiters.delete(runId);
    }
  }
}
