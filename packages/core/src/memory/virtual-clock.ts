import { setImmediate } from 'node:timers';
import { type Duration, toMilliseconds } from '../duration.js';
import type { Clock } from '../ports/clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

const START = new Date('2026-01-01T00:00:00Z');

/**
 * A clock that stands still until it is told to go on. Timers run in the order of their instants, those of one instant in
 * the order in which they were set, and after each one everything that it set off is waited for, as far as it needs neither
 * time nor I/O.
 */
export class VirtualClock implements Clock {
  #now: number;
  /** By instant, then by age. */
  readonly #timers: Timer[] = [];

  constructor(start: Date = START) {
    this.#now = start.getTime();
  }

  now(): number {
    return this.#now;
  }

  /** The time as a date. */
  get date(): Date {
    return new Date(this.#now);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.ceil(Math.max(ms, 0)), callback };
    const later = this.#timers.findLastIndex(({ at }) => at <= timer.at) + 1;
    this.#timers.splice(later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Lets time pass. @throws InvalidOptionsError if this is no duration. */
  async advance(duration: Duration): Promise<void> {
    const until = this.#now + toMilliseconds(duration, 'advance');
    await settled();
    for (let timer = this.#next(until); timer; timer = this.#next(until)) {
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await settled();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Jumps: nothing happens in between, as when a machine was asleep. What is overdue then runs at the new time. */
  async set(time: Date): Promise<void> {
    this.#now = time.getTime();
    await this.advance(0);
  }

  #next(until: number): Timer | undefined {
    const [timer] = this.#timers;
    return timer && timer.at <= until ? this.#timers.shift() : undefined;
  }
}

/** Resolves once no promise is left that could go on by itself. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
