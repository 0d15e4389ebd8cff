import type { Intent, NewJob, Sketch } from '../operations/intent.js';
import type { Fire, Reported } from './effect.js';
import { FireTimes, sameTrigger } from './fire-times.js';
import { changed, firstByTrigger, type Job, leftAgain, newJob, owed, paused, policyOf } from './job.js';

/** The expected result of an intent for one job. */
export type Decision = { readonly kind: 'none' } | { readonly kind: 'refused'; readonly code: string } | Becomes;

interface Becomes {
  readonly kind: 'becomes';
  readonly job: Job | null;
  /** The trigger under which a job finished, and must not return. */
  readonly tombstone: Job['trigger'] | null;
  readonly events: readonly Partial<Reported>[];
}

/** What exists of a job: the job, or the trigger under which it finished. */
export interface Found {
  readonly job: Job | null;
  readonly tombstone: Job['trigger'] | null;
}

const NONE: Decision = { kind: 'none' };
const NOT_FOUND: Decision = { kind: 'refused', code: 'JOB_NOT_FOUND' };

/** Returns the expected result of an intent for one job at an instant of the store's clock, by the documentation alone. */
export function decide(intent: Intent, id: string, { job, tombstone }: Found, now: number): Decision {
  switch (intent.kind) {
    case 'add': {
      const sketch = intent.jobs.find((one) => one.id === id);
      return sketch ? adding(sketch, { job, tombstone }, now) : NONE;
    }
    case 'modify':
      return job ? modifying(job, intent.changes, now) : NOT_FOUND;
    case 'pause':
      if (!job) return NOT_FOUND;
      return job.pending ? becomes(paused(job, now), missed(job, now), { type: 'job_paused' }) : NONE;
    case 'resume': {
      if (!job) return NOT_FOUND;
      if (job.pending) return NONE;
      const pending = job.left === 0 ? null : job.times.fireAfter(now);
      if (!pending) return finished(job, job, now);
      return becomes({ ...job, pending }, [], { type: 'job_resumed', nextRunTime: pending.fireTime });
    }
    case 'remove':
    case 'remove with runs':
    case 'remove all':
      if (job) return gone(job, now, 'removed', null);
      return tombstone ? { kind: 'becomes', job: null, tombstone: null, events: [] } : NOT_FOUND;
    default:
      return job ? NONE : NOT_FOUND;
  }
}

function adding(sketch: NewJob, { job, tombstone }: Found, now: number): Decision {
  const fresh = newJob(sketch, now);
  if (job && !fresh.replaceExisting) return { kind: 'refused', code: 'CONFLICTING_ID' };
  if (!job) {
    if (fresh.replaceExisting && tombstone && sameTrigger(tombstone, fresh.trigger)) return NONE;
    const pending = first(fresh, sketch, now);
    if (pending === 'never') return fresh.replaceExisting ? NONE : { kind: 'refused', code: 'INVALID_TRIGGER' };
    const reported = { type: 'job_added', task: fresh.task, nextRunTime: pending?.fireTime ?? null };
    return becomes({ ...fresh, pending }, [], reported);
  }
  if (!sameTrigger(job.trigger, fresh.trigger)) {
    const after = sketch.nextRunTime === undefined ? onOldBeat(job, fresh) : fresh;
    return rescheduled(job, after, first(after, sketch, now), now);
  }
  const { trigger, anchor, times, pending } = job;
  const left = job.maxRuns === fresh.maxRuns ? job.left : leftAgain(job, fresh.maxRuns, now);
  return kept(job, { ...fresh, trigger, anchor, times, pending, left });
}

/** An interval without a start that replaces another such interval counts from the same instant. */
function onOldBeat({ trigger, anchor }: Job, fresh: Job): Job {
  const isCounted = [trigger, fresh.trigger].every((one) => one.type === 'interval' && one.startAt === undefined);
  return isCounted ? { ...fresh, anchor, times: new FireTimes(fresh.trigger, anchor, fresh.id) } : fresh;
}

function modifying(job: Job, changes: Sketch, now: number): Decision {
  const after = changed(job, changes, now);
  if (!changes.trigger && changes.nextRunTime === undefined) {
    const left = changes.maxRuns === undefined ? job.left : leftAgain(job, changes.maxRuns, now);
    return kept(job, { ...after, left });
  }
  const staysPaused = changes.trigger && !job.pending && changes.nextRunTime === undefined;
  return rescheduled(job, after, staysPaused ? null : first(after, changes, now), now);
}

/** The trigger and the next fire stay. */
function kept(job: Job, after: Job): Decision {
  if (policyOf(job) === policyOf(after)) return NONE;
  const nextRunTime = after.pending?.fireTime ?? null;
  return becomes(after, [], { type: 'job_modified', task: after.task, nextRunTime });
}

function rescheduled(job: Job, after: Job, pending: Fire | null | 'never', now: number): Decision {
  if (pending === 'never') return finished(job, after, now);
  const reported = { type: 'job_modified', task: after.task, nextRunTime: pending?.fireTime ?? null };
  return becomes({ ...after, pending }, missed(job, now), reported);
}

function finished(job: Job, after: Job, now: number): Decision {
  return gone(job, now, 'finished', after.replaceExisting ? after.trigger : null);
}

function gone(job: Job, now: number, cause: string, tombstone: Job['trigger'] | null): Decision {
  const reported = { type: 'job_removed', jobId: job.id, cause };
  return { kind: 'becomes', job: null, tombstone, events: [...missed(job, now), reported] };
}

function becomes(job: Job, before: readonly Partial<Reported>[], reported: Partial<Reported>): Decision {
  return { kind: 'becomes', job, tombstone: null, events: [...before, { jobId: job.id, ...reported }] };
}

/** The first fire of a job: as given, else by its trigger. */
function first(job: Job, { nextRunTime }: Sketch, now: number): Fire | null | 'never' {
  if (nextRunTime === undefined) return firstByTrigger(job, now) ?? 'never';
  return nextRunTime === null ? null : { fireTime: nextRunTime, dueAt: nextRunTime };
}

/** Fire times that the trigger has named, and that a change removes, are published as missed. */
function missed(job: Job, now: number): Partial<Reported>[] {
  const range = owed(job, now);
  if (!range) return [];
  const { first, last } = range;
  return [{ type: 'job_missed', jobId: job.id, task: job.task, runId: null, first, last }];
}
