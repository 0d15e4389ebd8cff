import { shown } from '../shown.js';
import { CarillonError } from './family.js';

/** This process has no job store of this alias. */
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

/** This process already has a job store of this alias. */
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

/** Redis could not be reached, or did not reply in time. */
export class ConnectionError extends CarillonError {
  /** The address of the Redis, without its password; undefined if it is not known. */
  readonly redis: string | undefined;

  constructor(message: string, { redis, ...options }: ErrorOptions & { readonly redis?: string } = {}) {
    super('CONNECTION', message, options);
    this.redis = redis;
  }
}

/** The job store returned a reply that this version does not understand. */
export class UnexpectedReplyError extends CarillonError {
  constructor(message: string) {
    super('UNEXPECTED_REPLY', message);
  }
}
