import { UnreadableJobError } from '../errors.js';
import { draft } from '../event/draft.js';
import type { JobChange, JobFault, Pending } from '../ports/job-records.js';
import { changeText } from './account.js';
import { added, type Changed, tagsOf } from './changes.js';
import type { JobDefinition } from './definition.js';
import { missedOfUnreadable } from './missed.js';
import type { Read } from './read.js';
import { isFault } from './record.js';

/** What was read of a job. @throws UnreadableJobError */
export function readable<T extends object>(read: T | JobFault, jobStore: string): T {
  if (isFault(read)) throw new UnreadableJobError(read.id, jobStore, read.why);
  return read;
}

/** A job that cannot be read is removed anyway. */
export function unreadableRemoved(read: Read, job: JobFault): JobChange {
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
  job: JobFault,
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
function asRead({ rev }: JobFault): JobChange['expected'] {
  return rev === null ? { rev: 'unreadable' } : { rev, dueAt: 'any' };
}
