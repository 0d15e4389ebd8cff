import type { ExecutorKind, UnservedReason } from '@carillon/core';
import type { Outage, RunPayload } from '@carillon/core/internal';
import type { Execution } from '../current-run.js';
import type { StopSignal } from '../lazy-abort.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { RunCalls } from '../run-calls.js';
import type { Outcome } from './outcome.js';

/** Kinds whose tasks do not run on the event loop of the worker. */
export type PoolKind = Exclude<ExecutorKind, 'async'>;

export const EXECUTOR_KINDS: readonly ExecutorKind[] = ['async', 'thread', 'process'];

/** An outage of an executor: none of its threads or child processes can run tasks at the moment, or not all of them can. */
export interface Unserved extends Outage {
  readonly reason: UnservedReason;
}

/** One call of a task. */
export interface TaskCall {
  readonly payload: RunPayload;
  readonly execution: Execution;
  /** The calls of the task to the job store. */
  readonly calls: RunCalls;
  /** The signal of the run, with the first reason to stop. */
  readonly stop: StopSignal;
  /** Aborted when the run is cancelled, also if `stop` was aborted before; left out if it cannot be cancelled. */
  readonly cancelled?: StopSignal | undefined;
}

/** A way to run tasks, of one executor of a worker. Each call is made with a slot of the executor in hand. */
export interface TaskRunner {
  /**
   * Calls the task of a run for one fire time, until it ends, exceeds its timeout, or has to stop. Returns the outcome without a
   * promise if the task waited for nothing. Never throws or rejects.
   */
  run(call: TaskCall): MaybePromise<Outcome>;
  /** Why tasks cannot be called; null if they can be, or were not needed yet. */
  readonly unserved: Unserved | null;
  /** Aborts the running tasks, and resolves once all that can be stopped have stopped. */
  close(): Promise<void>;
}
