import type { Clock } from '../ports/clock.js';
import type { QueueLimits } from '../ports/queue.js';

/**
 * Lets a limited number pass in a window of time. A window begins with the first one that passes; the next window begins with the first one after
 * it.
 */
export class RateWindow {
  readonly #clock: Clock;
  #limit: QueueLimits['rateLimit'] = null;
  #passed = 0;
  #until = Number.NEGATIVE_INFINITY;
  #isWaiting = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets the limit. Those that passed in the present window still count. */
  limit(limit: QueueLimits['rateLimit']): void {
    this.#limit = limit;
  }

  get rateLimit(): NonNullable<QueueLimits['rateLimit']> | null {
    return this.#limit ?? null;
  }

  /** How many ms from now none can pass; 0: one can pass now. */
  get limitedForMs(): number {
    if (!this.#limit || this.#passed < this.#limit.max) return 0;
    return Math.max(0, this.#until - this.#clock.now());
  }

  /** Counts one and returns true, if it may pass. If not, returns false, and calls back when one may pass. */
  pass(later: () => void): boolean {
    if (!this.#limit) return true;
    const now = this.#clock.now();
    if (now >= this.#until) {
      this.#passed = 0;
      this.#until = now + this.#limit.durationMs;
    }
    if (this.#passed < this.#limit.max) {
      this.#passed++;
      return true;
    }
    this.#callAt(now, later);
    return false;
  }

  #callAt(now: number, later: () => void): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#clock.after(this.#until - now, () => {
      this.#isWaiting = false;
      later();
    });
  }
}
