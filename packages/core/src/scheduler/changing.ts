import type { AskedBy } from '../by.js';

/** The actor of a call that adds jobs, and whether the call only previews them. */
export interface Adding {
  readonly by: AskedBy;
  readonly dryRun?: boolean | undefined;
  /** What the job is to be at; null if there is none; undefined means whatever it is. */
  readonly ifRevision?: number | null | undefined;
}

/** The same of a change of a job that there is. */
export interface Changing extends Adding {
  readonly ifRevision?: number | undefined;
}
