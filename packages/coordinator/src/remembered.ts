/** Once it is full, so many newcomers are let go for each one that is kept. */
const LET_GO = 7;

/**
 * Values by id, so many at most. Once it is full, every eighth new one takes the place of the oldest: of more values than fit in, which
 * come by turns, most that are here are still here at their next turn; and those of ids that never come again are gone in time.
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
