export interface Timer {
  readonly at: number;
  /** Its place among the timers of one instant. */
  readonly number: number;
  readonly callback: () => void;
}

let set = 0;

/** Timers by instant, then in the order in which they were set. */
export class Timers {
  readonly #timers: Timer[] = [];

  get first(): Timer | undefined {
    return this.#timers[0];
  }

  add(at: number, callback: () => void): () => void {
    set += 1;
    const timer = { at, number: set, callback };
    const later = this.#timers.findLastIndex((other) => other.at <= at) + 1;
    this.#timers.splice(later, 0, timer);
    return () => this.remove(timer);
  }

  remove(timer: Timer): void {
    const index = this.#timers.indexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }
}
