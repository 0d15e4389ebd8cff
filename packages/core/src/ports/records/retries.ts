import type { NewRun } from '../ledger.js';
import type { LoggedEvent } from './log.js';

/** An execution that failed: its `job_error`, without its stack. */
export interface Failure extends LoggedEvent {
  /** What its run was, and takes to be run again; null: that is not kept. */
  readonly run: FailedRun | null;
}

export interface FailedRun extends Pick<NewRun, 'maxInstances' | 'overlap' | 'executor' | 'priority' | 'history'> {
  /** Opaque to the store. '': it cannot be read. */
  readonly payload: string;
}

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
