import type { Report } from '@carillon/core/internal';

/** Smaller steps of the store's clock are not reported. */
const CLOCK_STEP_MS = 1_000;

/** Reports that the clock of a job store went back, once for each time that it does. */
export class ClockWatch {
  readonly #jobStore: string;
  readonly #report: Report;
  /** The latest instant that the store has returned, ms. */
  #latest = 0;
  /** It has been reported, and the clock has not caught up. */
  #isBehind = false;

  constructor({ jobStore, report }: { readonly jobStore: string; readonly report: Report }) {
    this.#jobStore = jobStore;
    this.#report = report;
  }

  /** An epoch is at least the instant at which its term began: so a new leader, too, sees that the clock was further once. */
  saw(now: number, epoch: number): void {
    this.#latest = Math.max(this.#latest, now);
    const byMs = Math.max(this.#latest, epoch) - now;
    const isBehind = byMs > CLOCK_STEP_MS;
    if (isBehind && !this.#isBehind) this.#report({ kind: 'clock_went_back', jobStore: this.#jobStore, byMs });
    this.#isBehind = isBehind;
  }
}
