/** Limits how many traces begin in a second, and counts the refused ones. Unused traces of a second do not carry over to the next. */
export class TraceRate {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #at = 0;
  #skipped = 0;
  /** Until this instant no trace is left, unless the clock goes back. Most calls are refused by this check alone. */
  #noneUntil = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    // A rate below one a second lets one begin, too, once its time has come.
    this.#most = perSecond === 0 ? 0 : Math.max(1, perSecond);
    this.#left = this.#most;
  }

  /**
   * Returns how many traces were refused since the last one that was allowed; null if this one is refused.
   * @param now ms, by the clock of the caller: only differences count
   */
  take(now: number): number | null {
    if (now < this.#noneUntil && now >= this.#at) return this.#refuse();
    this.#refill(now);
    if (this.#left < 1) {
      this.#noneUntil = Math.floor(now + (1_000 * (1 - this.#left)) / this.#perSecond);
      return this.#refuse();
    }
    this.#left -= 1;
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }

  #refuse(): null {
    this.#skipped += 1;
    return null;
  }

  #refill(now: number): void {
    // The clock on the wall may go back.
    const gained = (Math.max(0, now - this.#at) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#most, this.#left + gained);
    this.#at = now;
  }
}
