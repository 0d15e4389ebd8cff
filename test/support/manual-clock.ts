import type { Clock } from '@carillon/core/internal';

/** A clock that stands still until `advance` is called. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(now = 0) {
    this.#now = now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves the time on, and calls the timers that become due, in order. Resolves after their immediate effects. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    while (true) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = until;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
