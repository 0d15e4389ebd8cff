import type { NewRun, RunPolicy } from '../ledger.js';
import type { LoggedEvent } from './log.js';

/** An execution that failed: its `job_error`, without its stack. */
export interface Failure extends LoggedEvent {
  /** What is kept of its run, and it takes to be run again; null means nothing. */
  readonly run: KeptRun | null;
}

/** Of a run that failed; `payload` is '' where it cannot be read. */
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
