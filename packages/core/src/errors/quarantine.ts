import { CarillonError } from './family.js';

/** There is no record of this id in quarantine. */
export class NotQuarantinedError extends CarillonError {
  constructor(id: string, jobStore: string) {
    super(
      'NOT_QUARANTINED',
      `${JSON.stringify(id)} is not in quarantine in job store "${jobStore}": getQuarantined lists what is`,
    );
  }
}

/** A record in quarantine cannot be restored: it still cannot be read, or it is not a job. */
export class NotRestorableError extends CarillonError {
  constructor(id: string, jobStore: string, why: string) {
    super(
      'NOT_RESTORABLE',
      `${JSON.stringify(id)} cannot be restored to job store "${jobStore}": ${why}; bring all members to the version that wrote it, or add the job again and remove this record`,
    );
  }
}
