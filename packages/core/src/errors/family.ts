/** Identifies the class of an error, for programs: one code per class. */
export type CarillonErrorCode =
  | 'INVALID_OPTIONS'
  | 'INVALID_JOB'
  | 'INVALID_TRIGGER'
  | 'INVALID_ARGUMENTS'
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

/** The family of all errors that Carillon throws on purpose; `code` distinguishes them, the message says what to do. */
export class CarillonError extends Error {
  readonly code: CarillonErrorCode;

  constructor(code: CarillonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The object was shut down and takes no more calls. */
export class ShutDownError extends CarillonError {
  constructor(what: string, why = 'was shut down: create a new one') {
    super('SHUT_DOWN', `this ${what} ${why}`);
  }
}
