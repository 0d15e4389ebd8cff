import { SortedSet } from './sorted-set.js';

/** Values by key, each kept for its own time. */
export class Windows {
  readonly #values = new Map<string, string>();
  /** Until when each is kept. */
  readonly #closes = new SortedSet();

  get(key: string, now: number): string | undefined {
    this.#forget(now);
    return this.#values.get(key);
  }

  set(key: string, value: string, now: number, forMs: number): void {
    this.#forget(now);
    this.#values.set(key, value);
    this.#closes.set(key, now + forMs);
  }

  #forget(now: number): void {
    for (const key of this.#closes.upTo(now, this.#closes.size)) {
      this.#values.delete(key);
      this.#closes.delete(key);
    }
  }
}
