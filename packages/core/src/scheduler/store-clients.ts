import type { AskedBy } from '../by.js';
import { ShutDownError, UnknownJobStoreError } from '../errors.js';
import { draft } from '../event/draft.js';
import { checkAlias } from '../job/checks.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import type { WatchedStore } from '../telemetry/telemetry.js';
import { JobClient } from './job-client.js';
import type { Listeners } from './listeners.js';
import { type CheckedSchedulerOptions, type JobStoreOptions, ownBackend } from './options.js';
import { Stores } from './stores.js';

const REMOVED = 'was removed from this scheduler: its runs go on; call addJobStore, and getRun returns them again';

interface Entry {
  readonly client: JobClient;
  readonly backend: Backend;
  /** The backend is of this job store alone. */
  readonly isOwn: boolean;
  removed?: Promise<void>;
}

/** The job stores of one scheduler. */
export class StoreClients {
  readonly #backend: Backend;
  readonly #backendAt: CheckedSchedulerOptions['backendAt'];
  readonly #report: Report;
  readonly #listeners: Listeners;
  readonly #stores = new Stores<Entry>();

  constructor({ backend, backendAt, report, jobStores }: CheckedSchedulerOptions, listeners: Listeners) {
    this.#backend = backend;
    this.#backendAt = backendAt;
    this.#report = report;
    this.#listeners = listeners;
    for (const alias of jobStores) {
      this.#stores.add(alias, () => this.#entry(alias));
      void listeners.addStore(alias, backend);
    }
  }

  get aliases(): readonly string[] {
    return this.#stores.aliases;
  }

  /** As telemetry sees them. */
  get watched(): readonly WatchedStore[] {
    return this.#stores.aliases.map((jobStore) => {
      const { records } = this.#stores.get(jobStore).client.store;
      return { jobStore, measure: (params) => records.measure(params) };
    });
  }

  /** @throws UnknownJobStoreError */
  get(alias: string): JobClient {
    return this.#stores.get(alias).client;
  }

  /** Connects, and makes the job stores known. */
  async start(): Promise<void> {
    await this.#backend.connect();
    for (const { client, backend, isOwn } of this.#stores.all) {
      if (isOwn) await backend.connect();
      // One that cannot be read is not to be made known.
      await client.store.records.read([]);
      await client.store.records.register(true);
    }
  }

  /** Where this fails, nothing has changed here. */
  async add(alias: string, options: JobStoreOptions, by: AskedBy): Promise<void> {
    checkAlias('job store', alias);
    const entry = this.#stores.add(alias, () => this.#entry(alias, ownBackend(options, this.#backendAt)));
    const { client, backend, isOwn } = entry;
    try {
      if (isOwn) await backend.connect();
      await this.#listeners.addStore(alias, backend);
      await client.store.records.read([]);
      await client.store.records.register(true);
      await client.store.records.announce({ op: backend.chance.id(), event: draft(alias, 'jobstore_added', by) });
    } catch (error) {
      await this.#letGo(alias, entry);
      throw error;
    }
  }

  /** If this fails, Redis still lists it; the job store is forgotten here all the same. */
  async remove(alias: string, by: AskedBy): Promise<void> {
    const entry = this.#stores.get(alias);
    entry.removed ??= this.#remove(alias, entry, by);
    return entry.removed;
  }

  async #remove(alias: string, entry: Entry, by: AskedBy): Promise<void> {
    const { client, backend } = entry;
    const { records } = client.store;
    try {
      await records.announce({ op: backend.chance.id(), event: draft(alias, 'jobstore_removed', by) });
      await records.register(false);
    } finally {
      await this.#letGo(alias, entry);
    }
  }

  async close(): Promise<void> {
    for (const { client } of this.#stores.all) client.close(new ShutDownError('scheduler'));
    for (const { backend, isOwn } of this.#stores.all) if (isOwn) await backend.close();
    await this.#backend.close();
  }

  #entry(alias: string, own?: Backend): Entry {
    const backend = own ?? this.#backend;
    const client = new JobClient(backend.jobStore(alias), backend, this.#report);
    return { client, backend, isOwn: own !== undefined };
  }

  async #letGo(alias: string, entry: Entry): Promise<void> {
    const { client, backend, isOwn } = entry;
    const others = this.#stores.aliases.filter((one) => one !== alias);
    client.close(new UnknownJobStoreError(alias, others, REMOVED));
    // Where Redis does not answer, its subscriptions end with the connection.
    await this.#listeners.removeStore(alias).catch(() => {});
    if (isOwn) await backend.close();
    this.#stores.remove(alias, entry);
  }
}
