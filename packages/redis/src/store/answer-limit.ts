import { type Clock, durationInUnit, systemClock } from '@carillon/core/internal';

interface Waiting {
  /** An instant of the clock, ms. */
  readonly until: number;
  readonly reject: (error: Error) => void;
}

/**
 * An answer may have arrived while this process was busy, and may not be read yet. So a timer runs only after what has arrived was read. The
 * timer does not keep the process alive: the connection that is to answer does.
 */
const afterReading: Pick<Clock, 'now' | 'after'> = {
  now: systemClock.now,
  after(ms, run) {
    const timer = setTimeout(() => setImmediate(run), Math.ceil(ms)).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Waits for answers, each for a number of ms at most. The client's own limits do not hold while it connects to a server or a cluster that
 * takes the call and is silent. All calls share a timer: one timer for each call took a twentieth of the time that it takes to add a job.
 */
export class AnswerLimit {
  readonly #ms: number;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  /** In the order in which they end. */
  readonly #waiting = new Set<Waiting>();
  #isWatched = false;

  constructor(ms: number, clock = afterReading) {
    this.#ms = ms;
    this.#clock = clock;
  }

  /** Rejects if there is no answer in time, or with the error that the answer rejects with. */
  within<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const one = { until: this.#clock.now() + this.#ms, reject };
      this.#waiting.add(one);
      if (!this.#isWatched) this.#watch(this.#ms);
      const answered = (value: T) => {
        this.#waiting.delete(one);
        resolve(value);
      };
      const failed = (error: unknown) => {
        this.#waiting.delete(one);
        reject(error);
      };
      answer.then(answered, failed);
    });
  }

  #watch(ms: number): void {
    this.#isWatched = true;
    this.#clock.after(ms, () => this.#look());
  }

  #look(): void {
    this.#isWatched = false;
    const now = this.#clock.now();
    for (const one of this.#waiting) {
      if (one.until > now) {
        this.#watch(one.until - now);
        return;
      }
      this.#waiting.delete(one);
      one.reject(new Error(`no answer within ${durationInUnit(Math.round(this.#ms))}`));
    }
  }
}
