import { UnreadableJobError } from '../errors.js';
import { draft } from '../event/draft.js';
import type { JobChange, Pending, StoredJob, UnreadableJob } from '../ports/job-records.js';
import { changeText } from './account.js';
import { added, type Changed, tagsOf } from './changes.js';
import type { JobDefinition } from './definition.js';
import { missedOfUnreadable } from './missed.js';
import type { Read } from './read.js';
import { decodeJob, type ReadableJob } from './record.js';

/** @throws UnreadableJobError */
export function readable(stored: StoredJob | UnreadableJob, jobStore: string): ReadableJob {
  const job = decoded(stored);
  if (!('why' in job)) return job;
  throw new UnreadableJobError(job.id, jobStore, job.why);
}

export function decoded(stored: StoredJob | UnreadableJob): ReadableJob | UnreadableJob {
  return 'why' in stored ? stored : decodeJob(stored);
}

/** A job that cannot be read is removed anyway. */
export function unreadableRemoved(read: Read, job: UnreadableJob): JobChange {
  const about = draft(read.jobStore, 'job_removed', { jobId: job.id, cause: 'removed', ...read.by });
  return {
    id: job.id,
    expected: asRead(job),
    record: null,
    account: changeText('removed', read.by),
    events: [...missedOfUnreadable(read, job), about],
  };
}

/** Its record is replaced as a whole, as that of a new job. null if its trigger names no fire time any more, and it is removed. */
export function unreadableReplaced(
  read: Read,
  job: UnreadableJob,
  definition: JobDefinition,
  first: Pending | null | 'by trigger',
): Changed | null {
  const made = added(read, job.id, definition, first, null);
  if (!made) return null;
  const about = {
    jobId: job.id,
    task: definition.task,
    ...tagsOf(definition),
    nextRunTime: made.pending?.fireTime ?? null,
    ...read.by,
  };
  const events = [...missedOfUnreadable(read, job), draft(read.jobStore, 'job_modified', about)];
  const account = changeText('replaced', read.by, null);
  return { ...made, change: { ...made.change, expected: asRead(job), account, events } };
}

/** Its due instant may be none: it is not compared. */
function asRead({ rev }: UnreadableJob): JobChange['expected'] {
  return rev === null ? { rev: 'unreadable' } : { rev, dueAt: 'any' };
}
