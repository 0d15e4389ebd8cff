import { InvalidOptionsError, Scheduler, ShutDownError, type StoreChoice, UnknownJobStoreError } from '@carillon/core';
import {
  type Backend,
  checkAliases,
  checkNames,
  keepTrying,
  type Report,
  redisBackend,
  reportTo,
  sharedLogger,
} from '@carillon/core/internal';
import { AlertStore, type ListedAlert, type SilenceOptions } from './alert-store.js';
import { checkSettings } from './check.js';
import type { AlertsOptions } from './options.js';
import { isAmong } from './pattern.js';
import type { Silence } from './silence.js';
import { Watcher } from './watcher.js';

const SETTINGS = ['rules', 'targets', 'heartbeats', 'alive', 'link', 'allowHosts', 'maxQueued', 'giveUpAfter'] as const;
const PLACE = ['redis', 'backend', 'prefix', 'jobStores', 'logger'];

/** The health of a process that watches for alerts. */
export interface AlertsHealth {
  readonly status: 'new' | 'starting' | 'running' | 'shut down';
  /** `watches` is true if this process watches the job store; else another process watches it, or will soon. */
  readonly jobStores: { readonly [alias: string]: { readonly watches: boolean } };
  /** The job stores that cannot be watched at the moment, since when, and why. */
  readonly unserved: readonly { readonly jobStore: string; readonly since: Date; readonly why: string }[];
}

/**
 * Watches job stores, and notifies targets when alerts open and close. Several processes may have the same settings: one of them
 * watches a job store, and when it ends, another one continues. It needs the package `standardwebhooks`.
 */
export class Alerts implements AsyncDisposable {
  readonly #backend: Backend;
  readonly #scheduler: Scheduler;
  readonly #report: Report;
  readonly #watchers: readonly Watcher[];
  readonly #stores: ReadonlyMap<string, AlertStore>;
  #stopped: Promise<void> | undefined;
  readonly #stop = new AbortController();
  #status: AlertsHealth['status'] = 'new';

  /** @throws InvalidOptionsError that names the path of each setting that is wrong */
  constructor(options: AlertsOptions) {
    checkNames(options, [...PLACE, ...SETTINGS], 'Alerts');
    const { redis, backend, prefix, jobStores, logger = sharedLogger(), ...given } = options;
    const settings = checkSettings(given);
    const aliases = checkAliases(jobStores);
    for (const [index, { jobStore }] of settings.rules.entries()) {
      if (aliases.some((alias) => isAmong(jobStore, alias))) continue;
      throw new InvalidOptionsError(
        `rules[${index}].jobStore: it matches none of the job stores ${aliases.join(', ')}`,
      );
    }
    const report = reportTo(logger);
    this.#report = report;
    this.#backend = backend ?? redisBackend({ redis, prefix, report, fail: 'fast' });
    this.#scheduler = new Scheduler({ backend: this.#backend, jobStores: aliases, logger });
    const storeOf = (alias: string) =>
      new AlertStore(this.#backend.jobStore(alias), this.#backend.chance, settings.link);
    this.#stores = new Map(aliases.map((alias) => [alias, storeOf(alias)]));
    const watcherId = this.#backend.chance.id();
    this.#watchers = aliases.map((alias) => {
      const ofStore = <T extends { readonly jobStore?: readonly string[] | undefined }>(all: readonly T[]) =>
        all.filter(({ jobStore }) => isAmong(jobStore, alias));
      const { rules, heartbeats, alive } = settings;
      const own = { ...settings, rules: ofStore(rules), heartbeats: ofStore(heartbeats), alive: ofStore(alive) };
      const common = { scheduler: this.#scheduler, backend: this.#backend, watcherId, logger, report };
      return new Watcher({ ...common, store: this.#backend.jobStore(alias), settings: own });
    });
  }

  /** Connects, and begins to watch. If Redis cannot be reached, it keeps trying. @throws ShutDownError */
  async start(): Promise<void> {
    if (this.#stop.signal.aborted) throw new ShutDownError('alerts');
    if (this.#status !== 'new') return;
    this.#status = 'starting';
    await keepTrying(() => this.#backend.connect(), this.#backend.clock, this.#report, this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    await Promise.all(this.#watchers.map((watcher) => watcher.start()));
    if (!this.#stop.signal.aborted) this.#status = 'running';
  }

  /** Ends deliveries in progress, and disconnects. The process that watches next delivers the others. */
  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  /** Returns the open alerts of a job store, oldest first. @throws UnknownJobStoreError */
  async getAlerts({ jobStore = 'default' }: StoreChoice = {}): Promise<readonly ListedAlert[]> {
    return this.#store(jobStore).alerts();
  }

  /**
   * Silences alerts of a job store until an instant: they open and close without being delivered. Alerts that are still open at that
   * instant are delivered then.
   * @throws InvalidOptionsError, UnknownJobStoreError
   */
  async silence({ jobStore = 'default', ...options }: SilenceOptions & StoreChoice): Promise<Silence> {
    return this.#store(jobStore).silence(options);
  }

  /** Returns the silences of a job store, sorted by their end. @throws UnknownJobStoreError */
  async getSilences({ jobStore = 'default' }: StoreChoice = {}): Promise<readonly Silence[]> {
    return this.#store(jobStore).silences();
  }

  /** Ends a silence, and returns whether it existed. @throws UnknownJobStoreError */
  async unsilence(id: string, { jobStore = 'default' }: StoreChoice = {}): Promise<boolean> {
    return this.#store(jobStore).unsilence(id);
  }

  health(): AlertsHealth {
    const stores = this.#watchers.map(({ health }) => health);
    const unserved = stores.flatMap(({ jobStore, fault }) => (fault ? [{ jobStore, ...fault }] : []));
    const jobStores = Object.fromEntries(stores.map(({ jobStore, watches }) => [jobStore, { watches }]));
    return { status: this.#status, jobStores, unserved };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #store(alias: string): AlertStore {
    const store = this.#stores.get(alias);
    if (!store) throw new UnknownJobStoreError(alias, [...this.#stores.keys()]);
    return store;
  }

  async #shutDown(): Promise<void> {
    this.#stop.abort();
    this.#status = 'shut down';
    await Promise.all(this.#watchers.map((watcher) => watcher.stop()));
    await this.#scheduler.shutdown();
  }
}
