import { z } from 'zod';
import { type Duration, inParentheses, parseDuration } from '../duration.js';
import { instantGiven, numberGiven } from './arguments.js';
import { delayOf } from './jitter.js';
import { type FireTimes, searchOf, withSearch } from './search.js';
import { finished, type Steps } from './steps.js';

/** Finds when a trigger fires. Fire times are nominal, without jitter; equal calls return equal fire times. */
export interface CompiledTrigger {
  /** Returns the first fire time strictly after `after`, or null if there is none up to the end of the year 9999. */
  next(after: Date): Date | null;
  /** `next` in ms since the epoch; null for NaN too. */
  nextMs(after: number): number | null;
  /**
   * Returns the jitter of a fire time in whole ms: at least 0, less than the trigger's jitter, less than the distance to the next fire
   * time, so that the order is kept, and not beyond `endAt`. Every process computes the same from the job's id and the fire time.
   */
  delay(fireTime: Date): number;
  /** `delay` of a fire time in ms since the epoch. */
  delayMs(fireTime: number): number;
}

/** Values that are not part of a trigger's data. */
export interface CompileOptions {
  /** The seed of jitter and of the `H` of cron expressions. Without it, both are those of an unnamed job. */
  readonly jobId?: string | undefined;
  /** The scheduler's zone, for triggers without their own; default: `'UTC'`. */
  readonly timezone?: string | undefined;
  /**
   * When the job was added: the anchor of an interval without `startAt`, and the start of a calendarInterval without `startDate`.
   * Default: the present.
   */
  readonly now?: Date | undefined;
}

/** Returns the first fire time (ms) strictly after `after`, or null. */
export type NextMs = (after: number) => number | null;

/** The delay of a trigger without jitter. */
export const noDelay = () => 0;

/** Returns a function that gives the delay (ms) of a fire time. `jitterMs` says how much it may be delayed. */
export function delayWithin(nextMs: NextMs, jitterMs: (fireTime: number) => number, jobId = '') {
  return (fireTime: number): number => {
    const range = jitterMs(fireTime);
    if (range === 0) return 0;
    const room = (nextMs(fireTime) ?? Number.POSITIVE_INFINITY) - fireTime;
    return delayOf(jobId, fireTime, Math.min(range, room));
  };
}

/** The fire times of a trigger, found in steps. @param jitterMs undefined: the trigger has no jitter */
export function searchedTimes(
  next: (after: number) => Steps<number | null>,
  jitterMs: ((fireTime: number) => number) | undefined,
  jobId = '',
): FireTimes {
  function* delay(fireTime: number): Steps<number> {
    const range = jitterMs?.(fireTime) ?? 0;
    yield;
    if (range === 0) return 0;
    const room = ((yield* next(fireTime)) ?? Number.POSITIVE_INFINITY) - fireTime;
    return delayOf(jobId, fireTime, Math.min(range, room));
  }
  const nextMs = (after: number) => finished(next(after));
  const delayMs = jitterMs ? (fireTime: number) => finished(delay(fireTime)) : noDelay;
  return withSearch({ nextMs, delayMs }, { next, delay });
}

/** The methods of a compiled trigger, made from its fire times. */
export function compiledTrigger(times: FireTimes): CompiledTrigger {
  const { nextMs, delayMs } = times;
  const trigger = Object.freeze({
    nextMs: (after: number) => nextMs(numberGiven(after, 'nextMs: after')),
    delayMs: (fireTime: number) => delayMs(numberGiven(fireTime, 'delayMs: fireTime')),
    next(after: Date) {
      const fireTime = nextMs(instantGiven(after, 'next: after'));
      return fireTime === null ? null : new Date(fireTime);
    },
    delay: (fireTime: Date) => delayMs(instantGiven(fireTime, 'delay: fireTime')),
  });
  return withSearch(trigger, searchOf(times));
}

/** A jitter longer than a year would hardly be a delay. */
const LONGEST_JITTER_MS = 366 * 86_400_000;

export const jitterSchema = z
  .custom<Duration>((value) => parseDuration(value) !== undefined, {
    error: 'is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"',
    abort: true,
  })
  .refine((value) => (parseDuration(value) ?? 0) <= LONGEST_JITTER_MS, {
    error: ({ input }) => `${inParentheses(input)}is longer than 366 days; give less`,
  });
