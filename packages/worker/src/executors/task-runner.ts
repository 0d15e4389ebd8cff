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

/** Nothing of an executor can run at the moment, or not in all of its threads or child processes. */
export interface Unserved extends Outage {
  readonly reason: UnservedReason;
}

/** One call of a task. */
export interface TaskCall {
  readonly payload: RunPayload;
  readonly execution: Execution;
  /** What the task asks of the job store. */
  readonly calls: RunCalls;
  /** Of the run: for whatever reason it is asked to stop first. */
  readonly stop: StopSignal;
  /** Aborted, too, when the run is cancelled, also where it was asked to stop before. Left out: it cannot be. */
  readonly cancelled?: StopSignal | undefined;
}

/** A way to run tasks, of one executor of a worker. Each call is made with a slot of the executor in hand. */
export interface TaskRunner {
  /**
   * Calls the task of a run for one fire time, until it ends, its time is up, or it is asked to stop. Returns at once what ended
   * without waiting for anything. Never throws or rejects.
   */
  run(call: TaskCall): MaybePromise<Outcome>;
  /** The tasks are not there to be called; null if they are, or were not needed yet. */
  readonly unserved: Unserved | null;
  /** Aborts what runs, and resolves once nothing does that can be stopped. */
  close(): Promise<void>;
}
