import { InvalidTriggerError } from '../errors.js';
import { draft } from '../event/draft.js';
import type { EventDraft } from '../ports/event-draft.js';
import type { JobFault, Pending } from '../ports/job-records.js';
import type { NewRun } from '../ports/ledger.js';
import type { DueFires } from '../trigger/due.js';
import { newestFireTimes } from '../trigger/fires.js';
import type { ReadBy } from './field-values.js';
import { compileJob } from './limit.js';
import type { Before, Read } from './read.js';

// Every way in which a fire time is missed. There are three moments, and no others publish `job_missed`:
//
// - The leader plans the job (`missedInBacklog`). The fire is past its grace. Without `coalesce` also: it is older than the newest
//   MAX_CATCH_UP of a backlog, or the search of the backlog took too long to reach it. coordinator/src/plan.ts calls it; claim.lua publishes.
// - A run starts for the first time. The fire is past its grace at that time. `missedAtStart` decides it in memory, `miss` of
//   redis/lua/start.lua in Redis: the only decision outside this file.
// - A change takes away fire times that are due (`missedByChange`, of an unreadable job `missedOfUnreadable`): it pauses, reschedules,
//   replaces or removes the job. put.lua publishes.
//
// A fire that finds no free instance is not missed: lib/instances.lua publishes `job_max_instances`.

/** The most fire times of a backlog that run. Older ones are missed, as are those that the search does not reach within its budget. */
export const MAX_CATCH_UP = 1_000;

/** Lateness is counted from the instant a fire was due, jitter included. */
function isPastGrace({ dueAt }: Pending, graceMs: number | null, now: number): boolean {
  return graceMs !== null && now - dueAt > graceMs;
}

/**
 * Decides as a job is planned. Returns the fires that run, and the newest fire time that is missed (null: none is): all up to it
 * are. With `coalesce`, the newest one that is in time runs for those that are older, and they are not missed.
 */
export function missedInBacklog(
  { fires, older }: DueFires,
  { coalesce, misfireGraceMs }: Pick<ReadBy<'planner'>, 'coalesce' | 'misfireGraceMs'>,
  now: number,
): { readonly inTime: readonly Pending[]; readonly upTo: number | null } {
  const late = fires.filter((fire) => isPastGrace(fire, misfireGraceMs, now));
  const upTo = late.at(-1)?.fireTime ?? (coalesce ? null : older);
  // The late ones are the oldest, because jitter keeps the order.
  return { inTime: fires.slice(late.length), upTo };
}

/** Decides as a run starts for the first time. Returns the fires of it that are missed. A retry is never too late. */
export function missedAtStart({ fires, graceMs }: Pick<NewRun, 'fires' | 'graceMs'>, now: number): readonly Pending[] {
  return fires.filter((fire) => isPastGrace(fire, graceMs, now));
}

/** The fire times that the trigger has named by now, that were not claimed, and that a change takes away: also while jitter delays them. */
export function missedByChange(before: Before): EventDraft[] {
  const { jobStore, by, stored, definition } = before;
  const last = lastOwed(before);
  if (!stored.pending || last === null) return [];
  const range = { first: stored.pending.fireTime, last };
  return [draft(jobStore, 'job_missed', { jobId: stored.id, task: definition.task, runId: null, ...range, ...by })];
}

/** `missedByChange` for a job that cannot be read: only its pending fire time is known, if it is an instant. */
export function missedOfUnreadable({ jobStore, now, by }: Read, { id, pending }: JobFault): EventDraft[] {
  const fireTime = pending?.fireTime ?? Number.NaN;
  if (!Number.isSafeInteger(fireTime) || fireTime > now || Math.abs(fireTime) > LAST_INSTANT) return [];
  return [draft(jobStore, 'job_missed', { jobId: id, task: '', runId: null, first: fireTime, last: fireTime, ...by })];
}

/** A Date goes no further. */
const LAST_INSTANT = 8.64e15;

/**
 * The newest fire time that a job owes. It does so from the instant that the trigger names, while jitter delays the fire. Of a
 * job that cannot be planned any more, the pending one is known: so such a job can be paused, replaced and removed anyway.
 */
export function lastOwed({ now, stored: { id, pending }, definition }: Before): number | null {
  if (!pending) return null;
  const query = { first: pending.fireTime, until: now, limit: 1 };
  const known = pending.fireTime <= now ? pending.fireTime : null;
  return whilePlannable(() => newestFireTimes(compileJob(id, definition), query).fireTimes.at(-1) ?? null, known);
}

export function whilePlannable<T>(plan: () => T, otherwise: T): T {
  try {
    return plan();
  } catch (error) {
    if (error instanceof InvalidTriggerError) return otherwise;
    throw error;
  }
}
