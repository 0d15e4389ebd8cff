import type { CarillonErrorCode } from '@carillon/core';

/** Codes that only the console has. */
export type ConsoleCode =
  | 'BAD_REQUEST'
  | 'PRECONDITION_FAILED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'CROSS_SITE'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'CONTENT_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_ATTEMPTS'
  | 'TOO_MANY_STREAMS'
  | 'INTERNAL';

export type ProblemCode = CarillonErrorCode | ConsoleCode;

/** The status, and the title, of each code. */
export const STATUSES: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  INVALID_OPTIONS: [400, 'An option is wrong'],
  INVALID_JOB: [400, 'A job is wrong'],
  INVALID_TRIGGER: [400, 'A trigger is wrong'],
  INVALID_ARGUMENTS: [422, 'The task does not accept the arguments'],
  CONFLICTING_ID: [409, 'A job of this id exists'],
  JOB_NOT_FOUND: [404, 'There is no such job'],
  UNKNOWN_JOB_STORE: [404, 'There is no such job store'],
  JOB_STORE_EXISTS: [409, 'The job store exists'],
  MAX_INSTANCES: [409, 'The job has as many live runs as it may'],
  UNREADABLE_JOB: [409, 'The record of the job cannot be read'],
  NOT_QUARANTINED: [404, 'There is no such record in quarantine'],
  NOT_RESTORABLE: [409, 'The record cannot be restored'],
  UNKNOWN_TASK: [409, 'No worker has the task'],
  RUN_FAILED: [409, 'The run failed'],
  RUN_TIMEOUT: [409, 'The run took too long'],
  RUN_CANCELLED: [409, 'The run was cancelled'],
  RUN_MISSED: [409, 'The run was too late'],
  RUN_NOT_FOUND: [404, 'There is no such run'],
  RESULT_TIMEOUT: [504, 'The run has no result yet'],
  UNRECOVERABLE: [500, 'A task failed for good'],
  RETRY_AT: [500, 'A task asked for a later attempt'],
  CONTENTION: [503, 'Other clients keep changing the same job'],
  STALE_REVISION: [412, 'The job was changed since it was read'],
  UNEXPECTED_COUNT: [409, 'The filter matches another number of jobs, or of runs'],
  CONNECTION: [503, 'Redis cannot be reached'],
  FORMAT_TOO_NEW: [503, 'A newer release wrote the job store'],
  FORMAT_TOO_OLD: [503, 'An older release wrote the job store'],
  UNEXPECTED_REPLY: [502, 'The job store gave an unexpected answer'],
  SHUT_DOWN: [503, 'The console is shut down'],
  BAD_REQUEST: [400, 'The request is wrong'],
  PRECONDITION_FAILED: [412, 'The job was changed since it was read'],
  UNAUTHENTICATED: [401, 'Log in, or send a token'],
  FORBIDDEN: [403, 'The caller lacks a right'],
  CROSS_SITE: [403, 'The write does not come from the console'],
  NOT_FOUND: [404, 'There is nothing at this address'],
  METHOD_NOT_ALLOWED: [405, 'The address does not accept this method'],
  CONTENT_TOO_LARGE: [413, 'The body is too long'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'The body is not JSON'],
  TOO_MANY_ATTEMPTS: [429, 'Too many attempts failed'],
  TOO_MANY_STREAMS: [503, 'Too many event streams are open'],
  INTERNAL: [500, 'The console failed'],
};
