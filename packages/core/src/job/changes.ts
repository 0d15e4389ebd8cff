import { draft, draftOfKept } from '../event/draft.js';
import type { JobChange, Pending, StoredJob } from '../ports/job-records.js';
import { fireAfter } from '../trigger/due.js';
import { type ChangeKind, changeText, endText, membersBefore, type Since } from './account.js';
import { digestOf, type JobDefinition } from './definition.js';
import { compileJob, compileUnlimited, countedFrom, leftFrom } from './limit.js';
import { lastOwed, missedByChange, whilePlannable } from './missed.js';
import type { Before, Read } from './read.js';
import { encodeJob } from './record.js';

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
  before: Before,
  definition: JobDefinition,
  next: Pending | null | 'by trigger',
  what: ChangeKind = 'rescheduled',
): Changed {
  const { jobStore, now, by, stored } = before;
  const pending = firstPending(stored.id, definition, next, now);
  if (next === 'by trigger' && !pending) return { change: finished(before, definition), definition, pending: null };
  const since = sinceOf(before, definition, next, pending);
  const counted = { ...countedFrom(stored.id, definition, pending?.fireTime ?? null), since };
  const about = {
    jobId: stored.id,
    task: counted.task,
    ...tagsOf(counted),
    nextRunTime: pending?.fireTime ?? null,
    ...by,
  };
  const json = encodeJob(counted);
  const change: JobChange = {
    id: stored.id,
    expected: asRead(stored),
    record: { digest: digestOf(counted), json, pending, newGeneration: true },
    account: changeText(what, by, membersBefore(stored.json, json)),
    events: [...missedByChange(before), draft(jobStore, 'job_modified', about)],
  };
  return { change, definition: counted, pending };
}

/**
 * A job whose trigger and next run time stay, whatever they are by the time that it is written: it may fire meanwhile, unless its limit
 * was counted from the fire that was read. null means that nothing else changes either.
 */
export function modified(
  { jobStore, now, by, stored, definition: was }: Before,
  given: JobDefinition,
  what: ChangeKind = 'modified',
): Changed | null {
  // The actor, and the trace of a call that changes nothing, are not a change.
  const { since, trace, lastFireTime, runsLeft } = was;
  if (encodeJob({ ...given, since, trace }) === stored.json) return null;
  const definition = { ...given, since: { at: now, first: stored.pending?.fireTime ?? null, ...by } };
  const json = encodeJob(definition);
  const isCounted = definition.lastFireTime !== lastFireTime || definition.runsLeft !== runsLeft;
  const change: JobChange = {
    id: stored.id,
    expected: isCounted ? asRead(stored) : { rev: stored.rev, dueAt: 'any' },
    record: { digest: digestOf(definition), json, pending: 'kept', newGeneration: false },
    account: changeText(what, by, membersBefore(stored.json, json)),
    events: [
      draftOfKept(jobStore, 'job_modified', { jobId: stored.id, task: definition.task, ...tagsOf(definition), ...by }),
    ],
  };
  return { change, definition, pending: stored.pending };
}

/** Keeps how many of its `maxRuns` are left. null if it is paused. */
export function paused(before: Before): Changed | null {
  const { jobStore, now, by, stored } = before;
  if (!stored.pending) return null;
  const counted = countedFrom(stored.id, before.definition, null, leftOver(before, stored.pending));
  const definition = { ...counted, since: { at: now, first: null, ...by } };
  const json = encodeJob(definition);
  const change: JobChange = {
    id: stored.id,
    expected: asRead(stored),
    record: { digest: stored.digest, json, pending: null, newGeneration: true },
    account: changeText('paused', by, membersBefore(stored.json, json)),
    events: [...missedByChange(before), draft(jobStore, 'job_paused', { jobId: stored.id, ...by })],
  };
  return { change, definition, pending: null };
}

/** Resumes a job from now on: fire times that its trigger named meanwhile do not exist. null if it is not paused. */
export function resumed(before: Before): Changed | null {
  const { jobStore, now, by, stored, definition: was } = before;
  if (stored.pending) return null;
  const { maxRuns, runsLeft } = was;
  const pending = runsLeft === 0 ? null : fireAfter(compileJob(stored.id, was), now);
  if (!pending) return { change: finished(before, was), definition: was, pending: null };
  const counted = countedFrom(stored.id, was, pending.fireTime, runsLeft ?? maxRuns);
  const definition = { ...counted, since: { at: now, ...by } };
  const json = encodeJob(definition);
  const change: JobChange = {
    id: stored.id,
    expected: asRead(stored),
    record: { digest: stored.digest, json, pending, newGeneration: true },
    account: changeText('resumed', by, membersBefore(stored.json, json)),
    events: [draft(jobStore, 'job_resumed', { jobId: stored.id, nextRunTime: pending.fireTime, ...by })],
  };
  return { change, definition, pending };
}

/**
 * The definition of a job whose `maxRuns` count again, from its pending fire time on. Fire times that are due already stay due, even if there
 * are more of them.
 */
export function recounted(before: Before, definition: JobDefinition): JobDefinition {
  const { id, pending } = before.stored;
  const counted = countedFrom(id, definition, pending?.fireTime ?? null);
  const [last, owed] = [counted.lastFireTime, lastOwed(before)];
  return last !== null && owed !== null && owed > last ? { ...counted, lastFireTime: owed } : counted;
}

export function removed(before: Before): JobChange {
  return gone(before, 'removed');
}

/** Removes the tombstone of a finished job. */
export function forgotten(id: string, tombstone: string): JobChange {
  return { id, expected: { rev: null, tombstone }, record: null, events: [] };
}

/** @param definition how the job is as it finishes. */
function finished(before: Before, definition: JobDefinition): JobChange {
  const change = gone(before, 'finished');
  return definition.replaceExisting ? { ...change, tombstone: digestOf(definition) } : change;
}

function gone(before: Before, cause: 'removed' | 'finished'): JobChange {
  const { jobStore, now, by, stored } = before;
  return {
    id: stored.id,
    expected: asRead(stored),
    record: null,
    account: endText(cause, by, now),
    events: [...missedByChange(before), draft(jobStore, 'job_removed', { jobId: stored.id, cause, ...by })],
  };
}

/** The tags that events have: none if the job has none. */
export function tagsOf({ tags }: JobDefinition): { readonly tags?: readonly string[] } {
  return tags.length > 0 ? { tags } : {};
}

function asRead({ rev, pending }: StoredJob): JobChange['expected'] {
  return { rev, dueAt: pending?.dueAt ?? null };
}

/** When a revision begins, and its first fire time if its trigger does not decide that. */
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

/** When a job fires first. If that was given, its trigger is computed anyway: one that cannot be planned is refused now. */
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
function leftOver(before: Before, pending: Pending): number | null {
  const { stored, definition } = before;
  const last = lastOwed(before);
  const compiled = compileJob(stored.id, definition);
  const left = () => leftFrom(compiled, definition, last === null ? pending.fireTime : compiled.nextMs(last));
  return whilePlannable(left, definition.maxRuns);
}
