import type { LedgerRun, RunPayload } from '@carillon/core/internal';

/** A fire time to execute. */
export interface Fire {
  readonly run: LedgerRun;
  readonly payload: RunPayload;
  /** Which one of the run it is. */
  readonly index: number;
  /** When its delivery was queued, ms; null if not known. */
  readonly queuedAt: number | null;
}
