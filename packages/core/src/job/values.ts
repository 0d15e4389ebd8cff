import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';

/** Whole milliseconds from a duration. */
export const duration = z
  .custom<Duration>((value) => parseDuration(value) !== undefined, {
    error: 'is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"',
  })
  .transform((value) => Math.round(parseDuration(value) ?? 0));

export const DAY_MS = 86_400_000;
/** A duration of at least 1 ms, up to so many days. */
export function between1msAnd(days: number) {
  return duration.refine((ms) => ms >= 1 && ms <= days * DAY_MS, { error: `must be at least 1 ms, at most ${days}d` });
}

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** An object with these members only. */
export function members<Shape extends z.ZodRawShape>(shape: Shape, example: string) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has an unknown member; allowed are ${Object.keys(shape).join(', ')}`
        : `must be an object such as ${example}`,
  });
}
