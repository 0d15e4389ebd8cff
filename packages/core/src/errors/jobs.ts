import { counted, ofNumber } from '../counted.js';
import { shown } from '../shown.js';
import { CarillonError } from './family.js';

/** A job with this id exists, and `replaceExisting` was not set. */
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

/** The stored record of a job cannot be read, and the call needs it. Nothing was written. */
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
        : `no living worker of ${what} has task ${shown(task)}: ${ofNumber(lacking.length, 'worker')} ${lacking.map((id) => shown(id)).join(', ')} ${ofNumber(lacking.length, 'lacks', 'lack')} it; deploy it, or leave requireTask out`,
    );
    this.task = task;
    this.executor = executor;
    this.lacking = lacking;
  }
}

/** With `ifRevision`: the job has changed since it was read. Nothing was written. */
export class StaleRevisionError extends CarillonError {
  readonly jobId: string;
  /** The current revision; null if there is no job, or its record cannot be read. */
  readonly revision: number | null;

  constructor(jobId: string, jobStore: string, revision: number | null, given: number | null) {
    super(
      'STALE_REVISION',
      `job ${shown(jobId)} in job store "${jobStore}" is at revision ${revision ?? 'unknown'}, and ifRevision is ${given}: read it again, and decide again`,
    );
    this.jobId = jobId;
    this.revision = revision;
  }
}

/** Other clients kept changing the same job, so that the change failed; nothing was written. */
export class ContentionError extends CarillonError {
  constructor(message: string) {
    super('CONTENTION', message);
  }
}

/** A filter matches another number of jobs or runs than `expected`; nothing was changed. */
export class UnexpectedCountError extends CarillonError {
  readonly expected: number;
  /** How many jobs or runs the filter matches. */
  readonly found: number;

  constructor(
    expected: number,
    found: number,
    of: { readonly what: string; readonly look: string } = {
      what: counted(found, 'job'),
      look: 'getJobs with this filter',
    },
  ) {
    super(
      'UNEXPECTED_COUNT',
      `the filter matches ${of.what}, and ${counted(expected, 'was', 'were')} expected: nothing was changed; look at them (${of.look}), and expect ${found}`,
    );
    this.expected = expected;
    this.found = found;
  }
}
