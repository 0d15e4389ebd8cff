import type { AskedBy } from '../by.js';
import { ShutDownError, UnknownJobStoreError } from '../errors.js';
import { draft } from '../event/draft.js';
import type { Backend } from '../ports/backend.js';
import type { WatchedStore } from '../telemetry/telemetry.js';
import { JobClient } from './job-client.js';
import { JobStores, type StorePlace } from './job-stores.js';
import type { Listeners } from './listeners.js';
import type { CheckedSchedulerOptions, JobStoreOptions } from './options.js';

const REMOVED = 'was removed from this scheduler: its runs go on; call addJobStore, and getRun returns them again';

interface Entry {
  readonly client: JobClient;
  readonly place: StorePlace<Backend>;
}

/** The job stores of one scheduler. */
export class StoreClients {
  readonly #backend: Backend;
  readonly #stores: JobStores<Entry, Backend>;

  constructor({ backend, backendAt, report, jobStores }: CheckedSchedulerOptions) {
    this.#backend = backend;
    const open = (place: StorePlace<Backend>): Entry => ({
      client: new JobClient(place.backend.jobStore(place.jobStore), place.backend, report),
      place,
    });
    const onForget = ({ client }: Entry) => this.#closeForgotten(client);
    this.#stores = new JobStores({ backend, backendAt, report, jobStores, open, onForget });
  }

  get aliases(): readonly string[] {
    return this.#stores.aliases;
  }

  get listeners(): Listeners {
    return this.#stores.listeners;
  }

  /** As telemetry sees them. */
  get watched(): readonly WatchedStore[] {
    return this.#stores.all.map(({ client, place: { jobStore } }) => {
      const { records } = client.store;
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
    for (const { client, place } of this.#stores.all) {
      if (place.backend !== this.#backend) await place.backend.connect();
      await makeKnown(client);
    }
  }

  /** Where this fails, nothing has changed here. */
  async add(alias: string, options: JobStoreOptions, by: AskedBy): Promise<void> {
    await this.#stores.add(alias, options, async ({ client, place: { backend, listeners } }) => {
      await backend.connect();
      await listeners.addStore(alias, backend);
      await makeKnown(client);
      await client.store.records.announce({ op: backend.chance.id(), event: draft(alias, 'jobstore_added', by) });
    });
  }

  /** If this fails, Redis still lists it; the job store is forgotten here anyway. */
  async remove(alias: string, by: AskedBy): Promise<void> {
    await this.#stores.remove(alias, async ({ client, place: { backend } }) => {
      const { records } = client.store;
      await records.announce({ op: backend.chance.id(), event: draft(alias, 'jobstore_removed', by) });
      await records.register(false);
    });
  }

  async close(): Promise<void> {
    for (const { client } of this.#stores.all) client.close(new ShutDownError('scheduler'));
    await this.#stores.close();
  }

  #closeForgotten(client: JobClient): void {
    const { alias } = client.store;
    const others = this.#stores.aliases.filter((one) => one !== alias);
    client.close(new UnknownJobStoreError(alias, others, REMOVED));
  }
}

async function makeKnown({ store: { records } }: JobClient): Promise<void> {
  // One that cannot be read is not to be made known.
  await records.read([]);
  await records.register(true);
}
