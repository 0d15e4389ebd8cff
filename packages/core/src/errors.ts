import type { ErrorInfo } from './event/outcome.js';
import { shown } from './shown.js';
import { canonicalInstant, instantOf } from './trigger/instant.js';

/** What went wrong, for programs: one code per class. */
export type CarillonErrorCode =
  | 'INVALID_OPTIONS'
  | 'INVALID_JOB'
  | 'INVALID_TRIGGER'
  | 'CONFLICTING_ID'
  | 'JOB_NOT_FOUND'
  | 'UNKNOWN_JOB_STORE'
  | 'JOB_STORE_EXISTS'
  | 'MAX_INSTANCES'
  | 'UNREADABLE_JOB'
  | 'NOT_QUARANTINED'
  | 'NOT_RESTORABLE'
  | 'UNKNOWN_TASK'
  | 'RUN_FAILED'
  | 'RUN_TIMEOUT'
  | 'RUN_CANCELLED'
  | 'RUN_MISSED'
  | 'RUN_NOT_FOUND'
  | 'RESULT_TIMEOUT'
  | 'UNRECOVERABLE'
  | 'RETRY_AT'
  | 'CONTENTION'
  | 'STALE_REVISION'
  | 'UNEXPECTED_COUNT'
  | 'CONNECTION'
  | 'FORMAT_TOO_NEW'
  | 'FORMAT_TOO_OLD'
  | 'UNEXPECTED_REPLY'
  | 'SHUT_DOWN';

/** The family of all errors that Carillon throws on purpose; `code` tells them apart, the message says what to do. */
export class CarillonError extends Error {
  readonly code: CarillonErrorCode;

  constructor(code: CarillonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option of a Scheduler, Coordinator or Worker is wrong. */
export class InvalidOptionsError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_OPTIONS', message, options);
  }
}

/** A job spec or a change to a job is wrong; nothing was written. */
export class InvalidJobError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_JOB', message, options);
  }
}

/** A trigger is wrong: the message names the field, the value and what is allowed. */
export class InvalidTriggerError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_TRIGGER', message, options);
  }
}

/** A job with this id exists, and `replaceExisting` was not asked for. */
export class ConflictingIdError extends CarillonError {
  readonly jobId: string;

  constructor(jobId: string, jobStore: string) {
    super(
      'CONFLICTING_ID',
      `job ${JSON.stringify(jobId)} exists in job store "${jobStore}": choose another id, or pass replaceExisting: true`,
    );
    this.jobId = jobId;
  }
}

/** No job with this id is in the job store. */
export class JobNotFoundError extends CarillonError {
  readonly jobId: string;

  constructor(jobId: string, jobStore: string) {
    super(
      'JOB_NOT_FOUND',
      `job ${JSON.stringify(jobId)} is not in job store "${jobStore}": it was never added, has finished, or was removed`,
    );
    this.jobId = jobId;
  }
}

/** There is no record of this id in quarantine. */
export class NotQuarantinedError extends CarillonError {
  constructor(id: string, jobStore: string) {
    super(
      'NOT_QUARANTINED',
      `${JSON.stringify(id)} is not in quarantine in job store "${jobStore}": getQuarantined lists what is`,
    );
  }
}

/** A record in quarantine cannot be put back: it cannot be read yet, or it is no job. */
export class NotRestorableError extends CarillonError {
  constructor(id: string, jobStore: string, why: string) {
    super(
      'NOT_RESTORABLE',
      `${JSON.stringify(id)} cannot be restored to job store "${jobStore}": ${why}; bring all to the version that wrote it, or add the job again and remove this record`,
    );
  }
}

/** The alias of a job store that this process was not told of, or is told of no more. */
export class UnknownJobStoreError extends CarillonError {
  readonly jobStore: string;

  constructor(
    jobStore: string,
    known: readonly string[],
    why = `is not configured here (configured: ${known.join(', ') || 'none'}): name it in jobStores or call addJobStore first`,
  ) {
    super('UNKNOWN_JOB_STORE', `job store ${shown(jobStore)} ${why}`);
    this.jobStore = jobStore;
  }
}

/** A job store of this alias was added here already. */
export class JobStoreExistsError extends CarillonError {
  readonly jobStore: string;

  constructor(jobStore: string) {
    super(
      'JOB_STORE_EXISTS',
      `job store ${shown(jobStore)} is here already: choose another alias, or call removeJobStore first`,
    );
    this.jobStore = jobStore;
  }
}

/** A run found as many live runs of its job as `maxInstances` allows, or a newer one took its place while it waited. */
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

/** The stored record of a job cannot be read, and the call needs what it says. Nothing was written. */
export class UnreadableJobError extends CarillonError {
  readonly jobId: string;
  /** Why it cannot be read. */
  readonly why: string;

  constructor(jobId: string, jobStore: string, why: string) {
    const job = `job ${shown(jobId)} in job store "${jobStore}"`;
    super(
      'UNREADABLE_JOB',
      `${job} cannot be read (${why}): add it again with replaceExisting, remove it, or use the version that wrote it; once it is due it goes to quarantine`,
    );
    this.jobId = jobId;
    this.why = why;
  }
}

/** With `requireTask`: no living worker that serves the executor has the task. Nothing was written. */
export class UnknownTaskError extends CarillonError {
  readonly task: string;
  readonly executor: string;
  /** Ids of the living workers that serve the executor and lack the task. */
  readonly lacking: readonly string[];

  constructor(task: string, executor: string, lacking: readonly string[]) {
    const what = `executor ${shown(executor)}`;
    super(
      'UNKNOWN_TASK',
      lacking.length === 0
        ? `no living worker serves ${what}: start one that has task ${shown(task)}, or leave requireTask out`
        : `no living worker of ${what} has task ${shown(task)}: workers ${lacking.map((id) => shown(id)).join(', ')} lack it; deploy it, or leave requireTask out`,
    );
    this.task = task;
    this.executor = executor;
    this.lacking = lacking;
  }
}

/** The task of a run threw, or the run could not be run. `cause` is an error as the worker saw it, with its stack. */
export class RunFailedError extends CarillonError {
  readonly runId: string;
  /** What is known of the error, as `job_error` tells it. */
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

/** A run could not start in time: `misfireGraceTime` had passed. */
export class RunMissedError extends CarillonError {
  readonly runId: string;

  constructor(runId: string) {
    super('RUN_MISSED', `run ${runId} started too late: its misfireGraceTime had passed; allow more, or add workers`);
    this.runId = runId;
  }
}

/** No such run is owed: it never was, or has ended (and, unless the message tells what became of it, that is not kept any more). */
export class RunNotFoundError extends CarillonError {
  readonly runId: string;

  constructor(runId: string, jobStore: string, why = 'it never was there, or ended longer ago than outcomes are kept') {
    super('RUN_NOT_FOUND', `run ${JSON.stringify(runId)} is not owed by job store "${jobStore}": ${why}`);
    this.runId = runId;
  }
}

/** A result did not come within the time that was given; the run goes on. */
export class ResultTimeoutError extends CarillonError {
  readonly runId: string;

  constructor(runId: string, timeoutMs: number) {
    super('RESULT_TIMEOUT', `run ${runId} has no result after ${timeoutMs} ms; it goes on: wait again, or cancel it`);
    this.runId = runId;
  }
}

function remoteError({ name, message, code, stack }: ErrorInfo): Error {
  const error = Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/**
 * Thrown by a task: it is not tried again, whatever `retry` says. Recognized by its name, `UnrecoverableError`, or that of a class
 * above it, or by `unrecoverable: true` on any error: also one of another copy of this package, or of BullMQ.
 */
export class UnrecoverableError extends CarillonError {
  readonly unrecoverable = true;

  constructor(message = 'this cannot be helped by trying again', options?: ErrorOptions) {
    super('UNRECOVERABLE', message, options);
  }
}

/**
 * Thrown by a task: it is tried again at an instant, in place of the delay that `retry` says. Recognized by `retryAt` on any error.
 * `attempts` of `retry` says how often; without `retry` it is tried up to 100 times.
 */
export class RetryAtError extends CarillonError {
  readonly retryAt: Date;

  /**
   * @param retryAt a Date, ms, or an ISO string with its offset. In the past: at once. Later than in a year: in a year.
   * @throws InvalidOptionsError if it is none
   */
  constructor(retryAt: Date | number | string, message = 'not yet', options?: ErrorOptions) {
    super('RETRY_AT', message, options);
    const instant =
      typeof retryAt === 'number' ? new Date(retryAt) : new Date(instantOf(canonicalInstant(retryAt) as string));
    if (Number.isNaN(instant.getTime())) {
      const given = 'give a Date, ms, or an ISO string with its offset';
      throw new InvalidOptionsError(`retryAt: ${shown(retryAt)} is not an instant: ${given}`);
    }
    this.retryAt = instant;
  }
}

/** With `ifRevision`: the job was changed since it was read. Nothing was written. */
export class StaleRevisionError extends CarillonError {
  readonly jobId: string;
  /** What it is now; null: its record cannot be read. */
  readonly revision: number | null;

  constructor(jobId: string, jobStore: string, revision: number | null, given: number) {
    super(
      'STALE_REVISION',
      `job ${shown(jobId)} in job store "${jobStore}" is at revision ${revision ?? 'unknown'}, and ifRevision is ${given}: read it again, and decide again`,
    );
    this.jobId = jobId;
    this.revision = revision;
  }
}

/** A change met another change of the same job again and again; nothing was written. */
export class ContentionError extends CarillonError {
  constructor(message: string) {
    super('CONTENTION', message);
  }
}

/** A filter means another number of jobs, or of runs, than was expected; nothing was changed. */
export class UnexpectedCountError extends CarillonError {
  readonly expected: number;
  /** How many it means. */
  readonly found: number;

  constructor(
    expected: number,
    found: number,
    of: { readonly what: string; readonly look: string } = { what: 'jobs', look: 'getJobs with this filter' },
  ) {
    super(
      'UNEXPECTED_COUNT',
      `the filter means ${found} ${of.what}, and ${expected} were expected: nothing was changed; look at them (${of.look}), and expect ${found}`,
    );
    this.expected = expected;
    this.found = found;
  }
}

/** Redis could not be reached, or did not answer in time. */
export class ConnectionError extends CarillonError {
  /** The Redis, without its password; undefined: the error does not say. */
  readonly redis: string | undefined;

  constructor(message: string, { redis, ...options }: ErrorOptions & { readonly redis?: string } = {}) {
    super('CONNECTION', message, options);
    this.redis = redis;
  }
}

/** The job store answered something that this version does not understand. */
export class UnexpectedReplyError extends CarillonError {
  constructor(message: string) {
    super('UNEXPECTED_REPLY', message);
  }
}

/**
 * The job store is written in a format that this release does not read; nothing was read or written. A coordinator or worker that
 * meets it is not served until the format is lowered, and tries again by itself.
 */
export class FormatTooNewError extends CarillonError {
  /** What the job store is written in. */
  readonly format: number;
  /** The highest that this release reads. */
  readonly reads: number;

  /** @param store before the keys of the job store. */
  constructor(store: string, format: number, reads: number) {
    super(
      'FORMAT_TOO_NEW',
      `job store ${store}* is written in format ${format}, and this release reads no higher than ${reads}: run a newer release here. While a coordinator or worker of this release runs beside newer ones, these write what it reads`,
    );
    this.format = format;
    this.reads = reads;
  }
}

/** The job store is written in a format that this release does not read any more; nothing was read or written. */
export class FormatTooOldError extends CarillonError {
  /** What the job store is written in; null: it is from before there were formats. */
  readonly format: number | null;

  /**
   * @param store before the keys of the job store.
   * @param reads the lowest that this release reads.
   */
  constructor(store: string, format: number | null, reads: number) {
    super('FORMAT_TOO_OLD', format === null ? beforeFormats(store) : tooOld(store, format, reads));
    this.format = format;
  }
}

/** Whether it says that the format of a job store is not read. */
export function isFormatError(error: unknown): error is FormatTooNewError | FormatTooOldError {
  return error instanceof FormatTooNewError || error instanceof FormatTooOldError;
}

function tooOld(store: string, format: number, reads: number): string {
  return `job store ${store}* is written in format ${format}, and this release reads from ${reads} on: run the release before this one here first, until \`carillon doctor\` shows a higher format`;
}

function beforeFormats(store: string): string {
  return `job store ${store}* was written by a release that this one cannot read (it has ${store}jobs or ${store}runs, and no ${store}format): have that release finish its runs, export its jobs and remove them, then import them with this one; or begin with another prefix`;
}

/** The object was shut down and takes no more calls. */
export class ShutDownError extends CarillonError {
  constructor(what: string, why = 'was shut down: make a new one') {
    super('SHUT_DOWN', `this ${what} ${why}`);
  }
}
