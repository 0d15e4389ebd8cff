import type { KnownContracts } from '../contract/known-contracts.js';
import { firstOf } from '../job/adding.js';
import { type Changed, modified, paused, rescheduled, resumed } from '../job/changes.js';
import type { CheckedChanges } from '../job/checks.js';
import { type Defaults, fillChanges } from '../job/fill.js';
import { countedFrom } from '../job/limit.js';
import type { Read } from '../job/read.js';
import type { ReadableJob } from '../job/record.js';
import type { JobChange } from '../ports/job-records.js';
import { calledJob } from './called-job.js';
import type { JobState } from './job.js';

/** A change of a job, and the job after it. */
interface Decision {
  readonly change: JobChange | null;
  readonly job: JobState;
}

export type Decide = (job: ReadableJob, read: Read) => Decision;

/** A trigger among the changes counts from now; a paused job stays paused, unless they say when it runs next. */
export function modifying(changes: CheckedChanges, { timezone, trace }: Omit<Defaults, 'policy'>): Decide {
  return (job, read) => {
    const filled = fillChanges(job.definition, changes, timezone, read.now);
    const definition = trace ? { ...filled, trace } : filled;
    if (!changes.trigger && changes.nextRunTime === undefined) {
      const isCounted = changes.maxRuns !== undefined;
      const counted = isCounted ? countedFrom(job.id, definition, job.pending?.fireTime ?? null) : definition;
      return decision(read, job, modified(read, job, counted));
    }
    const staysPaused = changes.trigger && !job.pending && changes.nextRunTime === undefined;
    return decision(read, job, rescheduled(read, job, definition, staysPaused ? null : firstOf(changes)));
  };
}

/** The same, where the workers accept what the job is called with then. */
export function accepting(decide: Decide, known: KnownContracts): Decide {
  return (job, read) => {
    const decided = decide(job, read);
    const { definition } = decided.job;
    if (decided.change) known.check(definition, () => calledJob(job.id, definition.task));
    return decided;
  };
}

export const pausing: Decide = (job, read) => decision(read, job, paused(read, job));

export const resuming: Decide = (job, read) => decision(read, job, resumed(read, job));

/** The job as it is after the change; without one, as it was. */
function decision({ jobStore }: Read, job: ReadableJob, changed: Changed | null): Decision {
  const { id, last } = job;
  const revision = null;
  if (!changed) return { change: null, job: { ...stateOf(job), jobStore } };
  const { change, definition, pending } = changed;
  return { change, job: { id, jobStore, revision, definition, pending, last, finished: change.record === null } };
}

function stateOf({ id, rev, definition, pending, last }: ReadableJob): Omit<JobState, 'jobStore'> {
  return { id, revision: rev, definition, pending, last, finished: false };
}
