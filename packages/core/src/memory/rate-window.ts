import type { Clock } from '../ports/clock.js';
import type { QueueLimits } from '../ports/queue.js';

/** Lets a limited number pass in a time that begins with the first one, and again with the first one after that time. */
export class RateWindow {
  readonly #clock: Clock;
  #limit: QueueLimits['rateLimit'] = null;
  #passed = 0;
  #until = Number.NEGATIVE_INFINITY;
  #isWaiting = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those that have passed count on. */
  limit(limit: QueueLimits['rateLimit']): void {
    this.#limit = limit;
  }

  get rateLimit(): NonNullable<QueueLimits['rateLimit']> | null {
    return this.#limit ?? null;
  }

  /** For how many more ms none passes; 0: one may. */
  get limitedForMs(): number {
    if (!this.#limit || this.#passed < this.#limit.max) return 0;
    return Math.max(0, this.#until - this.#clock.now());
  }

  /** Returns whether one may pass, and counts it; if not, calls back when one may. */
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
