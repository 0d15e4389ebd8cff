/** Once it is full, this many new values are dropped for each one that is kept. */
const LET_GO = 7;

/**
 * A bounded number of values by id. Once it is full, every eighth new value replaces the oldest. So where more values than fit are used in
 * turn, most of the kept ones are still here at their next turn, and those of ids that are never used again disappear in time.
 */
export class Remembered<T> {
  readonly #most: number;
  readonly #values = new Map<string, T>();
  #letGo = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(id: string): T | undefined {
    return this.#values.get(id);
  }

  set(id: string, value: T): void {
    if (this.#values.has(id) || this.#values.size < this.#most) {
      this.#values.set(id, value);
      return;
    }
    this.#letGo += 1;
    if (this.#letGo <= LET_GO) return;
    this.#letGo = 0;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(id, value);
  }
}
