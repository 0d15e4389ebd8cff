import type { AskedBy } from '../by.js';
import type { JobFault, StoredJob } from '../ports/job-records.js';
import type { JobDefinition } from './definition.js';
import { decodeJob, isFault } from './record.js';

/** When a job was read to be changed, and for which caller: the change takes effect as of then. */
export interface Read {
  readonly jobStore: string;
  /** The store's time of reading, ms. */
  readonly now: number;
  /** The actor of the change, and the reason: its events have them. */
  readonly by?: AskedBy | undefined;
}

/** A job before a change: what is stored of it, and what that says. */
export interface Before extends Read {
  readonly stored: StoredJob;
  readonly definition: JobDefinition;
}

export function beforeOf(stored: StoredJob | JobFault, read: Read): Before | JobFault {
  if (isFault(stored)) return stored;
  const definition = decodeJob(stored);
  return isFault(definition) ? definition : { ...read, stored, definition };
}
