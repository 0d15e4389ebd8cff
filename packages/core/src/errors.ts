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
  | 'RUN_TIMEOUT'
  | 'RUN_CANCELLED'
  | 'CONTENTION'
  | 'CONNECTION'
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

/** The alias of a job store that this process was not told of. */
export class UnknownJobStoreError extends CarillonError {
  readonly jobStore: string;

  constructor(jobStore: string, known: readonly string[]) {
    super(
      'UNKNOWN_JOB_STORE',
      `job store ${JSON.stringify(jobStore)} is not configured here (configured: ${known.join(', ') || 'none'}): name it in jobStores or call addJobStore first`,
    );
    this.jobStore = jobStore;
  }
}

/** A job store of this alias was added here already. */
export class JobStoreExistsError extends CarillonError {
  readonly jobStore: string;

  constructor(jobStore: string) {
    super(
      'JOB_STORE_EXISTS',
      `job store ${JSON.stringify(jobStore)} is here already: choose another alias, or call removeJobStore first`,
    );
    this.jobStore = jobStore;
  }
}

/** `runJob` found as many live runs as the job's `maxInstances` allows. */
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

/** A change met another change of the same job again and again; nothing was written. */
export class ContentionError extends CarillonError {
  constructor(message: string) {
    super('CONTENTION', message);
  }
}

/** Redis could not be reached, or did not answer in time. */
export class ConnectionError extends CarillonError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONNECTION', message, options);
  }
}

/** The job store answered something that this version does not understand. */
export class UnexpectedReplyError extends CarillonError {
  constructor(message: string) {
    super('UNEXPECTED_REPLY', message);
  }
}

/** The object was shut down and takes no more calls. */
export class ShutDownError extends CarillonError {
  constructor(what: string) {
    super('SHUT_DOWN', `this ${what} was shut down: make a new one`);
  }
}
