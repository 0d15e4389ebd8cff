import type { Trigger } from '@carillon/core';
import type { NewJob, Play, Retry, Sketch } from '../operations/intent.js';
import type { Fire } from './effect.js';
import { FireTimes } from './fire-times.js';
import { retryInWords } from './run.js';

/** A job as it should be, by the intents of producers. */
export interface Job {
  readonly id: string;
  readonly task: string;
  readonly play: Play;
  readonly executor: string;
  readonly priority: number;
  readonly maxInstances: number;
  readonly graceMs: number | null;
  readonly coalesce: boolean;
  readonly overlap: 'skip' | 'queue' | 'replace';
  readonly retry: Retry | null;
  readonly timeoutMs: number | null;
  /** How many of its runs keep their outcomes; null if only runs that a caller asked for do. */
  readonly perJob: number | null;
  readonly maxRuns: number | null;
  /** How many fire times are left, including the pending one; null if the trigger alone decides. */
  readonly left: number | null;
  readonly replaceExisting: boolean;
  readonly trigger: Trigger;
  /** When an interval without a start began to count. */
  readonly anchor: number;
  readonly times: FireTimes;
  /** The first fire that has no outcome yet; null if the job is paused. */
  readonly pending: Fire | null;
}

/** Returns a new job at an instant; the caller sets `pending`. */
export function newJob(sketch: NewJob, now: number): Job {
  const trigger: Trigger = sketch.trigger ?? { type: 'date', at: new Date(now).toISOString() };
  const anchor = sketch.nextRunTime ?? now;
  return {
    id: sketch.id,
    task: sketch.task,
    play: sketch.play,
    executor: sketch.executor ?? 'default',
    priority: sketch.priority ?? 0,
    maxInstances: sketch.maxInstances ?? 1,
    graceMs: sketch.misfireGraceTime ?? null,
    coalesce: sketch.coalesce ?? true,
    overlap: sketch.overlap ?? 'skip',
    retry: sketch.retry ?? null,
    timeoutMs: sketch.timeout ?? null,
    perJob: sketch.history?.perJob ?? null,
    maxRuns: sketch.maxRuns ?? null,
    left: sketch.maxRuns ?? null,
    replaceExisting: sketch.replaceExisting ?? false,
    trigger,
    anchor,
    times: new FireTimes(trigger, anchor, sketch.id),
    pending: null,
  };
}

/**
 * Returns a job with changes. A new trigger counts from now, or from the next run time that comes with it. A trigger, a next
 * run time or a limit restarts the count of fire times.
 */
export function changed(job: Job, changes: Sketch, now: number): Job {
  const { trigger, nextRunTime } = changes;
  const maxRuns = changes.maxRuns === undefined ? job.maxRuns : changes.maxRuns;
  const isCounted = trigger !== undefined || nextRunTime !== undefined || changes.maxRuns !== undefined;
  const anchor = changes.nextRunTime ?? now;
  return {
    ...job,
    ...(changes.task && changes.play ? { task: changes.task, play: changes.play } : {}),
    executor: changes.executor ?? job.executor,
    priority: changes.priority ?? job.priority,
    maxInstances: changes.maxInstances ?? job.maxInstances,
    graceMs: changes.misfireGraceTime === undefined ? job.graceMs : changes.misfireGraceTime,
    coalesce: changes.coalesce ?? job.coalesce,
    overlap: changes.overlap ?? job.overlap,
    retry: changes.retry === undefined ? job.retry : changes.retry,
    timeoutMs: changes.timeout === undefined ? job.timeoutMs : changes.timeout,
    perJob: changes.history === undefined ? job.perJob : (changes.history?.perJob ?? null),
    maxRuns,
    left: isCounted ? maxRuns : job.left,
    ...(trigger ? { trigger, anchor, times: new FireTimes(trigger, anchor, job.id) } : {}),
  };
}

/** Returns how many fire times are left when a limit is set again; due ones stay due. null if there is no limit. */
export function leftAgain(job: Job, maxRuns: number | null, now: number): number | null {
  if (maxRuns === null) return null;
  let due = 0;
  for (let rest = job; rest.pending && rest.pending.fireTime <= now; rest = passed(rest)) due += 1;
  return Math.max(maxRuns, due);
}

/** Returns the definition of a job without its trigger and next fire. */
export function policyOf(job: Job): string {
  const { task, play, executor, maxInstances, graceMs, coalesce, overlap, timeoutMs, maxRuns, replaceExisting } = job;
  const others = [job.priority, retryInWords(job.retry), limitOf(job), job.perJob];
  const compared = [
    task,
    play.n,
    executor,
    maxInstances,
    graceMs,
    coalesce,
    overlap,
    timeoutMs,
    maxRuns,
    replaceExisting,
  ];
  return JSON.stringify([...compared, ...others]);
}

/** Returns where a limit ends a job: its last fire time, or how many are left if it is paused; null if it has no limit. */
export function limitOf({ pending, left, times }: Job): { readonly last: number } | { readonly left: number } | null {
  if (left === null) return null;
  if (!pending) return { left };
  let last = pending.fireTime;
  for (let count = 1; count < left; count++) last = times.next(last) ?? last;
  return { last };
}

/** Returns the job after its pending fire time has its outcome. */
export function passed(job: Job): Job {
  const { pending, left, times } = job;
  const rest = left === null ? null : left - 1;
  return { ...job, left: rest, pending: pending && rest !== 0 ? times.fireAfter(pending.fireTime) : null };
}

/** Returns a job as paused: fire times that its trigger has named are gone; a limit keeps what the trigger has left. */
export function paused(job: Job, now: number): Job {
  let rest = job;
  while (rest.pending && rest.pending.fireTime <= now) rest = passed(rest);
  if (rest.left === null) return { ...job, pending: null };
  let left = 0;
  for (let next = rest; next.pending; next = passed(next)) left += 1;
  return { ...job, pending: null, left };
}

/** Returns the first fire by the trigger: a date even if it is past, any other after now. */
export function firstByTrigger({ trigger, times }: Job, now: number): Fire | null {
  if (trigger.type !== 'date') return times.fireAfter(now);
  const at = Date.parse(trigger.at);
  return { fireTime: at, dueAt: at };
}

/** The fire times that a job owes: its trigger has named them, and they have no outcome. */
export interface Owed {
  readonly first: number;
  readonly last: number;
  /** Jitter delays the last one beyond now. */
  readonly isDelayed: boolean;
}

/** Returns what a job owes. A fire time exists from the instant that its trigger names, even if jitter delays the fire. */
export function owed(job: Job, now: number): Owed | null {
  const first = job.pending;
  let newest: Fire | null = null;
  for (let rest = job; rest.pending && rest.pending.fireTime <= now; rest = passed(rest)) newest = rest.pending;
  if (!first || !newest) return null;
  return { first: first.fireTime, last: newest.fireTime, isDelayed: newest.dueAt > now };
}
