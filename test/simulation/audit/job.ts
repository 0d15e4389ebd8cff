import type { Trigger } from '@carillon/core';
import type { NewJob, Play, Sketch } from '../operations/intent.js';
import type { Fire } from './effect.js';
import { FireTimes } from './fire-times.js';

/** A job as it ought to be, by what was asked. */
export interface Job {
  readonly id: string;
  readonly task: string;
  readonly play: Play;
  readonly executor: string;
  readonly maxInstances: number;
  readonly graceMs: number | null;
  readonly coalesce: boolean;
  readonly replaceExisting: boolean;
  readonly trigger: Trigger;
  /** When an interval without a start began to count. */
  readonly anchor: number;
  readonly times: FireTimes;
  /** The first fire that has no outcome yet; null: it is paused. */
  readonly pending: Fire | null;
}

/** A new job, as of an instant; `pending` is for the caller to say. */
export function newJob(sketch: NewJob, now: number): Job {
  const trigger: Trigger = sketch.trigger ?? { type: 'date', at: new Date(now).toISOString() };
  const anchor = sketch.nextRunTime ?? now;
  return {
    id: sketch.id,
    task: sketch.task,
    play: sketch.play,
    executor: sketch.executor ?? 'default',
    maxInstances: sketch.maxInstances ?? 1,
    graceMs: sketch.misfireGraceTime ?? null,
    coalesce: sketch.coalesce ?? true,
    replaceExisting: sketch.replaceExisting ?? false,
    trigger,
    anchor,
    times: new FireTimes(trigger, anchor, sketch.id),
    pending: null,
  };
}

/** A job with changes; a trigger among them counts from now, or from the next run time that comes with it. */
export function changed(job: Job, changes: Sketch, now: number): Job {
  const { trigger } = changes;
  const anchor = changes.nextRunTime ?? now;
  return {
    ...job,
    ...(changes.task && changes.play ? { task: changes.task, play: changes.play } : {}),
    executor: changes.executor ?? job.executor,
    maxInstances: changes.maxInstances ?? job.maxInstances,
    graceMs: changes.misfireGraceTime === undefined ? job.graceMs : changes.misfireGraceTime,
    coalesce: changes.coalesce ?? job.coalesce,
    ...(trigger ? { trigger, anchor, times: new FireTimes(trigger, anchor, job.id) } : {}),
  };
}

/** What a job is, its trigger and its next fire apart. */
export function policyOf({ task, play, executor, maxInstances, graceMs, coalesce, replaceExisting }: Job): string {
  return JSON.stringify([task, play.n, executor, maxInstances, graceMs, coalesce, replaceExisting]);
}

/** The first fire by the trigger: a date even when it is past, any other after now. */
export function firstByTrigger({ trigger, times }: Job, now: number): Fire | null {
  if (trigger.type !== 'date') return times.fireAfter(now);
  const at = Date.parse(trigger.at);
  return { fireTime: at, dueAt: at };
}

/** The first and the newest of the fire times that a job owes: due by now, and without an outcome. */
export function owed({ pending, times }: Job, now: number): { readonly first: number; readonly last: number } | null {
  if (!pending || pending.dueAt > now) return null;
  let newest = pending;
  for (let next = times.fireAfter(newest.fireTime); next && next.dueAt <= now; next = times.fireAfter(next.fireTime)) {
    newest = next;
  }
  return { first: pending.fireTime, last: newest.fireTime };
}
