import type { StoreNow } from '../explain/subject.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { AccountReader, Needed } from './account-reader.js';

/** The data that one call reads of the job store, once: all instants of the call are explained by the same reading. */
export class StoreReading {
  readonly #reader: AccountReader;
  readonly #now = new Map<string, Promise<StoreNow>>();
  #since: { readonly from: number; readonly read: Promise<StoreTimeline> } | undefined;

  constructor(reader: AccountReader) {
    this.#reader = reader;
  }

  /** Returns the present state of the job store, for a job with these needs. */
  now({ executor, task }: Needed, isQueued = false): Promise<StoreNow> {
    const key = JSON.stringify([executor, task, isQueued]);
    const known = this.#now.get(key) ?? this.#reader.storeNow({ executor, task }, isQueued);
    this.#now.set(key, known);
    return known;
  }

  /** Returns its past, at least as far back as an instant, ms. */
  since(from: number): Promise<StoreTimeline> {
    if (!this.#since || from < this.#since.from) this.#since = { from, read: this.#reader.store(from) };
    return this.#since.read;
  }
}
