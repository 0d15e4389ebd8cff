import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';

/** What a task can know of the run it is called for. */
export interface CurrentRun {
  readonly runId: string;
  /** The same each time this fire time is executed, however often it is tried: an idempotency key. */
  readonly executionId: string;
  /** null: enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  /** The fire time that the trigger named, however late it is now. */
  readonly scheduledRunTime: Date;
  /** How often the run was started, this time included. */
  readonly attempt: number;
  /** Aborted when the run is lost to another worker, and at shutdown when the time to finish is over. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

const storage = new AsyncLocalStorage<CurrentRun>();

/** The run that the calling task is called for. @throws Error outside a task. */
export function currentRun(): CurrentRun {
  const run = storage.getStore();
  if (!run) throw new Error('currentRun() is for tasks: call it inside a task that a worker runs');
  return run;
}

export function withCurrentRun<T>(run: CurrentRun, call: () => T): T {
  return storage.run(run, call);
}
