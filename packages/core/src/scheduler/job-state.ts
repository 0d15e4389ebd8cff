import type { JobDefinition } from '../job/definition.js';
import { decodeJob, isFault } from '../job/record.js';
import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';

/** What a `Job` is made of. */
export interface JobState {
  readonly id: string;
  readonly jobStore: string;
  /** null if it was just written. */
  readonly revision: number | null;
  readonly definition: JobDefinition;
  readonly pending: Pending | null;
  readonly last: string | null;
  /** Its trigger names no more fire times: the job was removed. */
  readonly finished: boolean;
}

/** A job that was read, or why it cannot be. */
export function stateOf(jobStore: string, stored: StoredJob | JobFault): JobState | JobFault {
  if (isFault(stored)) return stored;
  const definition = decodeJob(stored);
  return isFault(definition) ? definition : withDefinition(jobStore, stored, definition);
}

/** A job that is stored, as it was read. */
export function withDefinition(jobStore: string, stored: StoredJob, definition: JobDefinition): JobState {
  const { id, rev, pending, last } = stored;
  return { id, jobStore, revision: rev, definition, pending, last, finished: false };
}
