import type { RunPayload } from '@carillon/core/internal';
import type { CurrentRun } from '../current-run.js';
import type { Outcome } from './outcome.js';

/** What tasks run in: the event loop of the worker, its threads, or its child processes. */
export type ExecutorKind = 'async' | 'thread' | 'process';

export const EXECUTOR_KINDS: readonly ExecutorKind[] = ['async', 'thread', 'process'];

/** A way to run tasks, of one executor of a worker. */
export interface TaskRunner {
  /** Calls the task of a run for one fire time, until it ends, its time is up, or the signal of the run is aborted. Never rejects. */
  run(payload: RunPayload, run: CurrentRun): Promise<Outcome>;
  /** Aborts what runs, and resolves once nothing does that can be stopped. */
  close(): Promise<void>;
}
