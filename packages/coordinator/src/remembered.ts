/** Once it is full, this many new values are dropped for each one that is kept. */
const DROPPED_FOR_EACH = 7;

/**
 * Values by id, bounded by their number and by their size in all. Once it is full, every eighth new value replaces the oldest. So where
 * more values than fit are used in turn, most of the kept ones are still here at their next turn, and those of ids that are never used
 * again disappear in time.
 */
export class Remembered<T> {
  readonly #most: number;
  readonly #mostSize: number;
  readonly #sizeOf: (value: T) => number;
  readonly #values = new Map<string, T>();
  #size = 0;
  #dropped = 0;

  constructor(most: number, mostSize: number, sizeOf: (value: T) => number) {
    this.#most = most;
    this.#mostSize = mostSize;
    this.#sizeOf = sizeOf;
  }

  get(id: string): T | undefined {
    return this.#values.get(id);
  }

  set(id: string, value: T): void {
    const old = this.#values.get(id);
    const size = this.#sizeOf(value);
    if (old !== undefined) this.#size -= this.#sizeOf(old);
    else if (!this.#hasRoom(size)) {
      this.#dropped += 1;
      if (this.#dropped <= DROPPED_FOR_EACH) return;
      this.#dropped = 0;
      while (this.#values.size > 0 && !this.#hasRoom(size)) this.#dropOldest();
    }
    this.#values.set(id, value);
    this.#size += size;
    // A value may be replaced by a larger one.
    while (this.#size > this.#mostSize) this.#dropOldest();
  }

  #hasRoom(size: number): boolean {
    return this.#values.size < this.#most && this.#size + size <= this.#mostSize;
  }

  #dropOldest(): void {
    for (const [id, value] of this.#values) {
      this.#values.delete(id);
      this.#size -= this.#sizeOf(value);
      return;
    }
  }
}
