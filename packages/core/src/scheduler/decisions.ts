import type { KnownContracts } from '../contract/known-contracts.js';
import { firstOf } from '../job/adding.js';
import { type Changed, modified, paused, recounted, rescheduled, resumed } from '../job/changes.js';
import type { CheckedChanges } from '../job/checks.js';
import { type Defaults, fillChanges } from '../job/fill.js';
import type { Before } from '../job/read.js';
import type { JobChange } from '../ports/job-records.js';
import { calledJob } from './called-job.js';
import { type JobState, withDefinition } from './job-state.js';

/** A change of a job, and the job after it. */
interface Decision {
  readonly change: JobChange | null;
  readonly job: JobState;
}

export type Decide = (before: Before) => Decision;

/** A trigger among the changes counts from now; a paused job stays paused, unless they say when it runs next. */
export function modifying(changes: CheckedChanges, { timezone, trace }: Omit<Defaults, 'policy'>): Decide {
  return (before) => {
    const { pending } = before.stored;
    const filled = fillChanges(before.definition, changes, timezone, before.now);
    const definition = trace ? { ...filled, trace } : filled;
    if (!changes.trigger && changes.nextRunTime === undefined) {
      const counted = changes.maxRuns === undefined ? definition : recounted(before, definition);
      return decision(before, modified(before, counted));
    }
    const staysPaused = changes.trigger && !pending && changes.nextRunTime === undefined;
    return decision(before, rescheduled(before, definition, staysPaused ? null : firstOf(changes)));
  };
}

/** The same, where the workers accept what the job is called with then. */
export function accepting(decide: Decide, known: KnownContracts): Decide {
  return (before) => {
    const decided = decide(before);
    const { id, definition } = decided.job;
    if (decided.change) known.check(definition, () => calledJob(id, definition.task));
    return decided;
  };
}

export const pausing: Decide = (before) => decision(before, paused(before));

export const resuming: Decide = (before) => decision(before, resumed(before));

/** The job as it is after the change; without one, as it was. */
function decision({ jobStore, stored, definition: was }: Before, changed: Changed | null): Decision {
  if (!changed) return { change: null, job: withDefinition(jobStore, stored, was) };
  const { id, last } = stored;
  const { change, definition, pending } = changed;
  const finished = change.record === null;
  return { change, job: { id, jobStore, revision: null, definition, pending, last, finished } };
}
