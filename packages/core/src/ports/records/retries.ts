import type { NewRun, RunPolicy } from '../ledger.js';
import type { LoggedEvent } from './log.js';

/** An execution that failed: its `job_error`, without its stack. */
export interface Failure extends LoggedEvent {
  /** The part of its run that is kept, and that another try needs; null if nothing is kept. */
  readonly run: KeptRun | null;
}

/** The kept part of a run that failed; `payload` is '' if it cannot be read. */
export type KeptRun = RunPolicy & Pick<NewRun, 'payload'>;

/** Runs to enter in place of others, which failed. */
export interface RetryParams {
  readonly op: string;
  readonly runs: readonly { readonly retryOf: string; readonly run: NewRun }[];
}

/**
 * `retried`: it was run again before. `owed`: the one that failed has not ended yet. `max_instances`: its job has as many live runs as it
 * may, and nothing was entered.
 */
export type RetryOutcome = 'submitted' | 'retried' | 'owed' | 'max_instances';
