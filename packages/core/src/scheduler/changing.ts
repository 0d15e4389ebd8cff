import type { AskedBy } from '../by.js';

/** Who asks for jobs, and whether they are only to be told of. */
export interface Adding {
  readonly by: AskedBy;
  readonly dryRun?: boolean | undefined;
}

/** The same of a change, and what the job is to be at. */
export interface Changing extends Adding {
  readonly ifRevision?: number | undefined;
}
