import { JobStoreExistsError, UnknownJobStoreError } from '../errors.js';
import { checkAlias } from '../job/checks.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import { LEAVE_MS, within } from '../ports/clock.js';
import type { RedisOptions } from '../redis/options.js';
import { Listeners } from './listeners.js';
import { type JobStoreOptions, ownBackend } from './options.js';

/** Where a job store is. */
export interface StorePlace<B extends Backend> {
  readonly jobStore: string;
  readonly backend: B;
  /** They are subscribed there once `listeners.addStore` resolves. */
  readonly listeners: Listeners;
}

export interface JobStoresParts<Part, B extends Backend> {
  /** Where job stores are that have none of their own. */
  readonly backend: B;
  /** Makes a backend for another Redis. */
  readonly backendAt: (redis: RedisOptions) => B;
  readonly report: Report;
  /** Aliases of the first ones. */
  readonly jobStores: readonly string[];
  /** Makes what the user has in a job store. Nothing is asked of the job store yet. */
  readonly open: (place: StorePlace<B>) => Part;
  /** Called as a job store is forgotten, before its connection is closed. */
  readonly onForget?: (part: Part) => void;
}

interface Entry<Part, B extends Backend> {
  readonly part: Part;
  /** The backend of this job store alone. */
  readonly own: B | undefined;
  removed?: Promise<void>;
}

/**
 * The job stores of a scheduler, coordinator or worker, and what listens to them: all three add and remove them here.
 * `Part` is what the user has in each: a client, a contender, a station.
 */
export class JobStores<Part, B extends Backend> {
  readonly listeners: Listeners;
  readonly #parts: JobStoresParts<Part, B>;
  readonly #entries = new Map<string, Entry<Part, B>>();

  constructor(parts: JobStoresParts<Part, B>) {
    this.#parts = parts;
    this.listeners = new Listeners(parts.report);
    for (const alias of parts.jobStores) {
      this.#open(alias, () => undefined);
      void this.listeners.addStore(alias, parts.backend);
    }
  }

  get aliases(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get all(): readonly Part[] {
    return [...this.#entries.values()].map(({ part }) => part);
  }

  /** @throws UnknownJobStoreError */
  get(alias: string): Part {
    return this.#entry(alias).part;
  }

  /**
   * Adds a job store, also while others are in use.
   * @param enter begins to use it; where it rejects, the job store is forgotten again
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError
   */
  async add(alias: string, options: JobStoreOptions<B>, enter: (part: Part) => Promise<void>): Promise<void> {
    checkAlias('job store', alias);
    const entry = this.#open(alias, () => ownBackend(options, this.#parts.backendAt));
    try {
      await enter(entry.part);
    } catch (error) {
      await this.#forget(alias, entry);
      throw error;
    }
  }

  /**
   * Forgets a job store, whether leaving it succeeds or not. Called again meanwhile, it is the same removal.
   * @throws UnknownJobStoreError, or what `leave` rejects with
   */
  remove(alias: string, leave: (part: Part) => Promise<unknown>): Promise<void> {
    const entry = this.#entry(alias);
    entry.removed ??= this.#remove(alias, entry, leave);
    return entry.removed;
  }

  /** Disconnects from all of them. */
  async close(): Promise<void> {
    this.listeners.close();
    for (const { own } of this.#entries.values()) await own?.close();
    await this.#parts.backend.close();
  }

  /** Makes a backend only where there is no job store of this alias. @throws JobStoreExistsError */
  #open(alias: string, ownOf: () => B | undefined): Entry<Part, B> {
    if (this.#entries.has(alias)) throw new JobStoreExistsError(alias);
    const own = ownOf();
    const { open, backend } = this.#parts;
    const entry = { own, part: open({ jobStore: alias, backend: own ?? backend, listeners: this.listeners }) };
    this.#entries.set(alias, entry);
    return entry;
  }

  #entry(alias: string): Entry<Part, B> {
    const entry = this.#entries.get(alias);
    if (!entry) throw new UnknownJobStoreError(alias, this.aliases);
    return entry;
  }

  async #remove(alias: string, entry: Entry<Part, B>, leave: (part: Part) => Promise<unknown>): Promise<void> {
    try {
      await leave(entry.part);
    } finally {
      await this.#forget(alias, entry);
    }
  }

  async #forget(alias: string, entry: Entry<Part, B>): Promise<void> {
    this.#parts.onForget?.(entry.part);
    // Where Redis does not answer, its subscriptions end with the connection.
    await within(this.#parts.backend.clock, LEAVE_MS, this.listeners.removeStore(alias)).catch(() => {});
    await entry.own?.close();
    // One of the same alias may have been added since.
    if (this.#entries.get(alias) === entry) this.#entries.delete(alias);
  }
}
