import { UnknownJobStoreError } from '../errors.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import { JobClient } from './job-client.js';

/** The job stores that a process was told of. */
export class Stores {
  readonly #backend: Backend;
  readonly #report: Report;
  readonly #stores = new Map<string, JobClient>();

  constructor(backend: Backend, report: Report, aliases: readonly string[]) {
    this.#backend = backend;
    this.#report = report;
    for (const alias of aliases) this.add(alias);
  }

  get aliases(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /** @throws UnknownJobStoreError */
  get(alias: string): JobClient {
    const store = this.#stores.get(alias);
    if (!store) throw new UnknownJobStoreError(alias, this.aliases);
    return store;
  }

  add(alias: string): JobClient {
    const store = this.#stores.get(alias) ?? new JobClient(this.#backend.jobStore(alias), this.#backend, this.#report);
    this.#stores.set(alias, store);
    return store;
  }

  /** @throws UnknownJobStoreError */
  remove(alias: string): JobClient {
    const store = this.get(alias);
    this.#stores.delete(alias);
    return store;
  }
}
