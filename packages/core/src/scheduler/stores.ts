import { JobStoreExistsError, UnknownJobStoreError } from '../errors.js';

/** What a process has in each of the job stores that it was given, by alias. */
export class Stores<T> {
  readonly #stores = new Map<string, T>();

  get aliases(): readonly string[] {
    return [...this.#stores.keys()];
  }

  get all(): readonly T[] {
    return [...this.#stores.values()];
  }

  /** @throws UnknownJobStoreError */
  get(alias: string): T {
    const store = this.#stores.get(alias);
    if (!store) throw new UnknownJobStoreError(alias, this.aliases);
    return store;
  }

  /** Makes it only if there is none. @throws JobStoreExistsError */
  add(alias: string, make: () => T): T {
    if (this.#stores.has(alias)) throw new JobStoreExistsError(alias);
    const store = make();
    this.#stores.set(alias, store);
    return store;
  }

  /** Takes just this one out, if it is still there: one of the same alias that was added since stays. */
  remove(alias: string, store: T): void {
    if (this.#stores.get(alias) === store) this.#stores.delete(alias);
  }
}
