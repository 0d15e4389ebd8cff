import type { StoreNow } from '../explain/subject.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { AccountReader, Needed } from './account-reader.js';

/** What one call reads of the job store, once, however many instants it explains: they are explained by one reading. */
export class StoreReading {
  readonly #reader: AccountReader;
  readonly #now = new Map<string, Promise<StoreNow>>();
  #since: { readonly from: number; readonly read: Promise<StoreTimeline> } | undefined;

  constructor(reader: AccountReader) {
    this.#reader = reader;
  }

  /** How the job store is now, for a job that needs this of workers. */
  now({ executor, task }: Needed, isQueued = false): Promise<StoreNow> {
    const key = JSON.stringify([executor, task, isQueued]);
    const known = this.#now.get(key) ?? this.#reader.storeNow({ executor, task }, isQueued);
    this.#now.set(key, known);
    return known;
  }

  /** What was of it, at least as far back as an instant, ms. */
  since(from: number): Promise<StoreTimeline> {
    if (!this.#since || from < this.#since.from) this.#since = { from, read: this.#reader.store(from) };
    return this.#since.read;
  }
}
