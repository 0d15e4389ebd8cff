import { durationInUnit } from '../duration-text.js';
import type { ErrorInfo } from '../event/outcome.js';
import { CarillonError } from './family.js';

/** The job already had `maxInstances` live runs, or a newer run replaced this one while it waited. */
export class MaxInstancesError extends CarillonError {
  readonly jobId: string;

  constructor(jobId: string) {
    super(
      'MAX_INSTANCES',
      `job ${JSON.stringify(jobId)} has as many live runs as its maxInstances allows: wait for one to end, or raise maxInstances`,
    );
    this.jobId = jobId;
  }
}

/** The task of a run threw an error, or the run could not be executed. `cause` is the error as the worker caught it, with its stack. */
export class RunFailedError extends CarillonError {
  readonly runId: string;
  /** The error as data, as `job_error` reports it. */
  readonly error: ErrorInfo;

  constructor(runId: string, error: ErrorInfo) {
    super('RUN_FAILED', `run ${runId} failed: ${error.name}: ${error.message}`, { cause: remoteError(error) });
    this.runId = runId;
    this.error = error;
  }
}

/** An execution took longer than its `timeout` allows. */
export class RunTimeoutError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('RUN_TIMEOUT', message, options);
  }
}

/** A run was cancelled: by `cancelRun`, `RunHandle.cancel`, `removeJob` with `cancelRuns`, or a run that replaces it. */
export class RunCancelledError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('RUN_CANCELLED', message, options);
  }
}

/** A run could not start in time: its `misfireGraceTime` had passed. */
export class RunMissedError extends CarillonError {
  readonly runId: string;

  constructor(runId: string) {
    super('RUN_MISSED', `run ${runId} started too late: its misfireGraceTime had passed; allow more, or add workers`);
    this.runId = runId;
  }
}

/** The run is not owed: it never was, or it has ended. The message has its outcome if that is still kept. */
export class RunNotFoundError extends CarillonError {
  readonly runId: string;

  constructor(
    runId: string,
    jobStore: string,
    why = 'it never existed, or it ended longer ago than outcomes are kept',
  ) {
    super('RUN_NOT_FOUND', `run ${JSON.stringify(runId)} is not owed by job store "${jobStore}": ${why}`);
    this.runId = runId;
  }
}

/** The run did not end within the given time; it continues. */
export class ResultTimeoutError extends CarillonError {
  readonly runId: string;

  constructor(runId: string, timeoutMs: number) {
    super(
      'RESULT_TIMEOUT',
      `run ${runId} has no result after ${durationInUnit(timeoutMs)}; it is still owed: wait again, or cancel it`,
    );
    this.runId = runId;
  }
}

function remoteError({ name, message, code, stack }: ErrorInfo): Error {
  const error = Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
