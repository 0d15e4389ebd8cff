import { z } from 'zod';
import { type Duration, inParentheses, parseDuration } from '../duration.js';
import { meantNames } from '../near-name.js';

export const DAY_MS = 86_400_000;

const given = z.custom<Duration>((value) => parseDuration(value) !== undefined, {
  error: 'is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"',
});

/** Whole milliseconds from a duration that fits; one that does not is shown as it was given, a number with its unit. */
export function durationThat(fits: (ms: number) => boolean, error: string) {
  return given.transform((value, { addIssue }) => {
    const ms = Math.round(parseDuration(value) ?? 0);
    if (!fits(ms)) addIssue({ code: 'custom', input: value, message: `${inParentheses(value)}${error}` });
    return ms;
  });
}

/** A duration from 1 ms up to a number of days. */
export function between1msAnd(days: number) {
  return durationThat((ms) => ms >= 1 && ms <= days * DAY_MS, `must be at least 1 ms, at most ${days}d`);
}

/** A duration of up to a number of days. */
export function atMostDays(days: number, hint = '') {
  return durationThat((ms) => ms <= days * DAY_MS, `must be at most ${days}d${hint}`);
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
        ? `${issue.keys.length === 1 ? 'is an unknown member' : 'are unknown members'}; allowed are ${Object.keys(shape).join(', ')}${meantNames(issue.keys as string[], Object.keys(shape))}`
        : `must be an object such as ${example}`,
  });
}
