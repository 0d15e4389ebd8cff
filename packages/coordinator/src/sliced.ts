import type { Clock, Steps } from '@carillon/core/internal';

/** A computation in steps that goes on for a slice of time, and rests between two slices. */
export class Sliced<T> {
  readonly #clock: Clock;
  readonly #steps: Steps<T>;
  #before = 0;
  #began: number | null = null;

  constructor(clock: Clock, steps: Steps<T>) {
    this.#clock = clock;
    this.#steps = steps;
  }

  /** How long it went on so far, its rests left out, ms. */
  get spentMs(): number {
    return this.#before + (this.#began === null ? 0 : this.#clock.now() - this.#began);
  }

  /** Goes on until the time is over, at least a step. Returns what was computed; undefined if it takes longer. */
  goOn(forMs: number): { readonly value: T } | undefined {
    const began = this.#clock.now();
    this.#began = began;
    try {
      for (;;) {
        const { done, value } = this.#steps.next();
        if (done) return { value };
        if (this.#clock.now() - began >= forMs) return undefined;
      }
    } finally {
      this.#before = this.spentMs;
      this.#began = null;
    }
  }
}
