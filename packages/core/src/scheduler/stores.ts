import { UnknownJobStoreError } from '../errors.js';
import type { Backend } from '../ports/backend.js';
import type { JobStore } from '../ports/job-store.js';

/** The job stores that a process was told of. */
export class Stores {
  readonly #backend: Backend;
  readonly #stores = new Map<string, JobStore>();

  constructor(backend: Backend, aliases: readonly string[]) {
    this.#backend = backend;
    for (const alias of aliases) this.add(alias);
  }

  get aliases(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /** @throws UnknownJobStoreError */
  get(alias: string): JobStore {
    const store = this.#stores.get(alias);
    if (!store) throw new UnknownJobStoreError(alias, this.aliases);
    return store;
  }

  add(alias: string): JobStore {
    const store = this.#stores.get(alias) ?? this.#backend.jobStore(alias);
    this.#stores.set(alias, store);
    return store;
  }

  /** @throws UnknownJobStoreError */
  remove(alias: string): JobStore {
    const store = this.get(alias);
    this.#stores.delete(alias);
    return store;
  }
}
