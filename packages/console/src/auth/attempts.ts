/** How many attempts may fail in a window, from one address and in all, and how many addresses are remembered. */
const PER_ADDRESS = 10;
const IN_ALL = 200;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/**
 * Counts attempts that failed. Once an address, or all of them together, has failed too often, no attempt is looked at until the window is
 * over: so nobody tries more than some tokens a minute, and memory is bounded.
 */
export class FailedAttempts {
  #since = Number.NEGATIVE_INFINITY;
  #all = 0;
  readonly #byAddress = new Map<string, number>();

  /** How long until an attempt of this address is looked at, ms; 0: at once. */
  waitMs(address: string, now: number): number {
    this.#begin(now);
    const isOver = this.#all >= IN_ALL || (this.#byAddress.get(address) ?? 0) >= PER_ADDRESS;
    return isOver ? this.#since + WINDOW_MS - now : 0;
  }

  add(address: string, now: number): void {
    this.#begin(now);
    this.#all += 1;
    if (this.#byAddress.size < MOST_ADDRESSES || this.#byAddress.has(address)) {
      this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    }
  }

  #begin(now: number): void {
    if (now < this.#since + WINDOW_MS && now >= this.#since) return;
    this.#since = now;
    this.#all = 0;
    this.#byAddress.clear();
  }
}
