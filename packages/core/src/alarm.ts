import { type Clock, upkeepOf } from './ports/clock.js';

/** Sleeps until a time or a ring. A ring between two sleeps is not lost: the next sleep ends at once. */
export class Alarm {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /**
   * Returns whether a ring ended it.
   * @param upkeepMs the longest sleep by the time of upkeep: a ring may be lost.
   */
  async sleep(ms: number, upkeepMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (!this.#rung && Math.min(ms, upkeepMs) > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#after(ms, upkeepMs, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    const wasRung = this.#rung;
    this.#wake = undefined;
    this.#rung = false;
    return wasRung;
  }

  /** Calls back once either time is over; the answer cancels. */
  #after(ms: number, upkeepMs: number, callback: () => void): () => void {
    const upkeep = upkeepOf(this.#clock);
    if (upkeep === this.#clock) return upkeep.after(Math.min(ms, upkeepMs), callback);
    const cancels: (() => void)[] = [];
    const cancel = () => {
      for (const one of cancels) one();
    };
    const end = () => {
      cancel();
      callback();
    };
    if (Number.isFinite(ms)) cancels.push(this.#clock.after(ms, end));
    if (Number.isFinite(upkeepMs)) cancels.push(upkeep.after(upkeepMs, end));
    return cancel;
  }
}
