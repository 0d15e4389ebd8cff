import type { ExecutorKind, UnservedReason } from '@carillon/core';
import type { Outage, RunPayload } from '@carillon/core/internal';
import type { CurrentRun } from '../current-run.js';
import type { RunCalls } from '../run-calls.js';
import type { Outcome } from './outcome.js';

/** Kinds whose tasks do not run on the event loop of the worker. */
export type PoolKind = Exclude<ExecutorKind, 'async'>;

export const EXECUTOR_KINDS: readonly ExecutorKind[] = ['async', 'thread', 'process'];

/** Nothing of an executor can run just now, or not in all of its threads or child processes. */
export interface Unserved extends Outage {
  readonly reason: UnservedReason;
}

/** A way to run tasks, of one executor of a worker. Each call is made with a slot of the executor in hand. */
export interface TaskRunner {
  /**
   * Calls the task of a run for one fire time, until it ends, its time is up, or the signal of the run is aborted. Never rejects.
   * @param calls what its task asks of the job store
   * @param cancelled is aborted, too, when the run is cancelled, also where its signal was aborted before.
   */
  run(payload: RunPayload, run: CurrentRun, calls: RunCalls, cancelled?: AbortSignal): Promise<Outcome>;
  /** The tasks are not there to be called; null: they are, or were not needed yet. */
  readonly unserved: Unserved | null;
  /** Aborts what runs, and resolves once nothing does that can be stopped. */
  close(): Promise<void>;
}
