/** The field in which BullMQ's worker keeps until when it does not ask Redis, ms of the wall clock. BullMQ declares it private. */
interface Limited {
  limitUntil: number;
}

/** How far the clocks may drift apart before the wall clock counts as set back, ms. */
const DRIFT_MS = 20;

/**
 * Makes BullMQ's worker ask Redis again if the wall clock was set back. Under a rate limit, it compares that clock with a time it computed
 * earlier, so it would wait for as long as the step. Redis keeps the limit by its own clock, and returns how long is left.
 */
export class RateLimitWatch {
  readonly #limited: Limited;
  /** How far the wall clock is ahead of the clock that is never set, ms. */
  #aheadMs = aheadMs();

  /** @param worker BullMQ's worker */
  constructor(worker: object) {
    this.#limited = worker as Limited;
  }

  /** Call this before each call that fetches a delivery. */
  check(): void {
    const ahead = aheadMs();
    if (ahead < this.#aheadMs - DRIFT_MS) this.#limited.limitUntil = 0;
    else if (ahead <= this.#aheadMs) return;
    this.#aheadMs = ahead;
  }
}

function aheadMs(): number {
  return Date.now() - performance.now();
}
