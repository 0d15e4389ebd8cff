import { draft, draftOfKept } from '../event/draft.js';
import type { JobChange, Pending } from '../ports/job-records.js';
import { fireAfter } from '../trigger/due.js';
import { type ChangeKind, changeText, endText, membersBefore, type Since } from './account.js';
import { digestOf, type JobDefinition } from './definition.js';
import { compileUnlimited, countedFrom, leftFrom } from './limit.js';
import { lastOwed, missedByChange, whilePlannable } from './missed.js';
import type { Read } from './read.js';
import { encodeJob, type ReadableJob } from './record.js';

// The next state of a job, decided from what was read of it at an instant of the store's clock. Fire times that the trigger had named by
// then without an outcome, and that the change takes away, are published as missed (`missed.ts`).

/** A change of a job that stays, and how the job is then. */
export interface Changed {
  readonly change: JobChange;
  readonly definition: JobDefinition;
  /** Its next fire, as far as that was read. */
  readonly pending: Pending | null;
}

/** A new job. null if its trigger names no fire time any more. */
export function added(
  { jobStore, now, by }: Read,
  id: string,
  definition: JobDefinition,
  first: Pending | null | 'by trigger',
  tombstone: string | null,
): Changed | null {
  const pending = firstPending(id, definition, first, now);
  if (first === 'by trigger' && !pending) return null;
  const since = sinceOf({ now, by }, definition, first, pending);
  const counted = { ...countedFrom(id, definition, pending?.fireTime ?? null), since };
  const about = { jobId: id, task: counted.task, ...tagsOf(counted), nextRunTime: pending?.fireTime ?? null, ...by };
  const change: JobChange = {
    id,
    expected: { rev: null, tombstone },
    record: { digest: digestOf(counted), json: encodeJob(counted), pending, newGeneration: true },
    events: [draft(jobStore, 'job_added', about)],
  };
  return { change, definition: counted, pending };
}

/**
 * A job whose trigger, or next run time, is set again, and with it the count of its runs. It finishes if its trigger names no
 * more fire times.
 */
export function rescheduled(
  read: Read,
  job: ReadableJob,
  definition: JobDefinition,
  next: Pending | null | 'by trigger',
  what: ChangeKind = 'rescheduled',
): Changed {
  const { jobStore, now, by } = read;
  const pending = firstPending(job.id, definition, next, now);
  if (next === 'by trigger' && !pending) return { change: finished(read, job, definition), definition, pending: null };
  const since = sinceOf(read, definition, next, pending);
  const counted = { ...countedFrom(job.id, definition, pending?.fireTime ?? null), since };
  const about = {
    jobId: job.id,
    task: counted.task,
    ...tagsOf(counted),
    nextRunTime: pending?.fireTime ?? null,
    ...by,
  };
  const json = encodeJob(counted);
  const change: JobChange = {
    id: job.id,
    expected: asRead(job),
    record: { digest: digestOf(counted), json, pending, newGeneration: true },
    account: changeText(what, by, membersBefore(job.json, json)),
    events: [...missedByChange(read, job), draft(jobStore, 'job_modified', about)],
  };
  return { change, definition: counted, pending };
}

/**
 * A job whose trigger and next run time stay, whatever they are by the time that it is written: it may fire meanwhile, unless its limit
 * was counted from the fire that was read. null means that nothing else changes either.
 */
export function modified(
  { jobStore, now, by }: Read,
  job: ReadableJob,
  given: JobDefinition,
  what: ChangeKind = 'modified',
): Changed | null {
  // The actor, and the trace of a call that changes nothing, are not a change.
  const { since, trace } = job.definition;
  if (encodeJob({ ...given, since, trace }) === job.json) return null;
  const definition = { ...given, since: { at: now, first: job.pending?.fireTime ?? null, ...by } };
  const json = encodeJob(definition);
  const { lastFireTime, runsLeft } = job.definition;
  const isCounted = definition.lastFireTime !== lastFireTime || definition.runsLeft !== runsLeft;
  const change: JobChange = {
    id: job.id,
    expected: isCounted ? asRead(job) : { rev: job.rev, dueAt: 'any' },
    record: { digest: digestOf(definition), json, pending: 'kept', newGeneration: false },
    account: changeText(what, by, membersBefore(job.json, json)),
    events: [
      draftOfKept(jobStore, 'job_modified', { jobId: job.id, task: definition.task, ...tagsOf(definition), ...by }),
    ],
  };
  return { change, definition, pending: job.pending };
}

/** Keeps how many of its `maxRuns` are left. null if it is paused. */
export function paused(read: Read, job: ReadableJob): Changed | null {
  if (!job.pending) return null;
  const counted = countedFrom(job.id, job.definition, null, leftOver(read, job, job.pending));
  const definition = { ...counted, since: { at: read.now, first: null, ...read.by } };
  const json = encodeJob(definition);
  const change: JobChange = {
    id: job.id,
    expected: asRead(job),
    record: { digest: job.digest, json, pending: null, newGeneration: true },
    account: changeText('paused', read.by, membersBefore(job.json, json)),
    events: [...missedByChange(read, job), draft(read.jobStore, 'job_paused', { jobId: job.id, ...read.by })],
  };
  return { change, definition, pending: null };
}

/** Resumes a job from now on: fire times that its trigger named meanwhile do not exist. null if it is not paused. */
export function resumed(read: Read, job: ReadableJob): Changed | null {
  if (job.pending) return null;
  const { maxRuns, runsLeft } = job.definition;
  const pending = runsLeft === 0 ? null : fireAfter(job.compiled, read.now);
  if (!pending) return { change: finished(read, job, job.definition), definition: job.definition, pending: null };
  const counted = countedFrom(job.id, job.definition, pending.fireTime, runsLeft ?? maxRuns);
  const definition = { ...counted, since: { at: read.now, ...read.by } };
  const json = encodeJob(definition);
  const change: JobChange = {
    id: job.id,
    expected: asRead(job),
    record: { digest: job.digest, json, pending, newGeneration: true },
    account: changeText('resumed', read.by, membersBefore(job.json, json)),
    events: [draft(read.jobStore, 'job_resumed', { jobId: job.id, nextRunTime: pending.fireTime, ...read.by })],
  };
  return { change, definition, pending };
}

export function removed(read: Read, job: ReadableJob): JobChange {
  return gone(read, job, 'removed');
}

/** Removes the tombstone of a finished job. */
export function forgotten(id: string, tombstone: string): JobChange {
  return { id, expected: { rev: null, tombstone }, record: null, events: [] };
}

/** @param definition how the job is as it finishes. */
function finished(read: Read, job: ReadableJob, definition: JobDefinition): JobChange {
  const change = gone(read, job, 'finished');
  return definition.replaceExisting ? { ...change, tombstone: digestOf(definition) } : change;
}

function gone(read: Read, job: ReadableJob, cause: 'removed' | 'finished'): JobChange {
  return {
    id: job.id,
    expected: asRead(job),
    record: null,
    account: endText(cause, read.by, read.now),
    events: [...missedByChange(read, job), draft(read.jobStore, 'job_removed', { jobId: job.id, cause, ...read.by })],
  };
}

/** What events say of its tags: nothing, where it has none. */
export function tagsOf({ tags }: JobDefinition): { readonly tags?: readonly string[] } {
  return tags.length > 0 ? { tags } : {};
}

function asRead(job: ReadableJob): JobChange['expected'] {
  return { rev: job.rev, dueAt: job.pending?.dueAt ?? null };
}

/** When a revision begins, and its first fire time where its trigger does not decide that. */
function sinceOf(
  { now: at, by }: Pick<Read, 'now' | 'by'>,
  { trigger }: JobDefinition,
  first: Pending | null | 'by trigger',
  pending: Pending | null,
): Since {
  // A date is a fire time even when it is past.
  const isFirstKept = first !== 'by trigger' || trigger.type === 'date';
  return { at, ...(isFirstKept && { first: pending?.fireTime ?? null }), ...by };
}

/** When a job fires first. Where that was given, its trigger is asked anyway: what cannot be planned is refused now. */
function firstPending(
  id: string,
  definition: JobDefinition,
  first: Pending | null | 'by trigger',
  now: number,
): Pending | null {
  if (first === 'by trigger') return firstFire(id, definition, now);
  fireAfter(compileUnlimited(id, definition), first?.fireTime ?? now);
  return first;
}

/** A date is a fire time even when it is past: it is simply due. Any other trigger fires after now. */
function firstFire(id: string, definition: JobDefinition, now: number): Pending | null {
  const { trigger } = definition;
  if (trigger.type !== 'date') return fireAfter(compileUnlimited(id, definition), now);
  const at = Date.parse(trigger.at);
  return { fireTime: at, dueAt: at };
}

/** How many of its `maxRuns` a job has left after those that it owes; null if it has no limit. */
function leftOver({ now }: Read, job: ReadableJob, pending: Pending): number | null {
  const { compiled, definition } = job;
  const last = lastOwed(job, pending, now);
  const left = () => leftFrom(compiled, definition, last === null ? pending.fireTime : compiled.nextMs(last));
  return whilePlannable(left, definition.maxRuns);
}
