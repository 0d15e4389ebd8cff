import type { Clock, HeldRun, Ledger, Report } from '@carillon/core/internal';

/** How long to wait between two calls, ms: progress is for people, not for programs. */
const PAUSE_MS = 100;

/** Reports the progress of runs to the ledger: the last report of each, many together. */
export class ProgressReporter {
  readonly #jobStore: string;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #waiting = new Map<string, HeldRun & { readonly json: string }>();
  #isBusy = false;

  constructor(parts: { jobStore: string; ledger: Ledger; clock: Clock; report: Report }) {
    this.#jobStore = parts.jobStore;
    this.#ledger = parts.ledger;
    this.#clock = parts.clock;
    this.#report = parts.report;
  }

  /** @param json what the run's task reported. */
  note({ runId, token }: HeldRun, json: string): void {
    this.#waiting.set(runId, { runId, token, json });
    if (!this.#isBusy) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.size > 0) {
      const reports = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        await this.#ledger.progress(reports);
      } catch (error) {
        this.#report({ kind: 'progress_failed', jobStore: this.#jobStore, error });
      }
      await new Promise<void>((resolve) => void this.#clock.after(PAUSE_MS, resolve));
    }
    this.#isBusy = false;
  }
}
