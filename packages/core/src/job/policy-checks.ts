import { z } from 'zod';
import { durationInUnit } from '../duration-text.js';
import { canonicalInstant, instantOf, instantSchema } from '../trigger/instant.js';
import { DEFAULT_HISTORY, type HistoryPolicy } from './history.js';
import { fillBackoff, type RetryPolicy } from './retry.js';
import { text } from './text.js';
import { atMostDays, between1msAnd, DAY_MS, durationThat, members, wholeNumber } from './values.js';

const MAX_GRACE_DAYS = 36_500;

const backoffShape = {
  type: z.enum(['fixed', 'exponential'], { error: 'must be "fixed" or "exponential"' }).optional(),
  delay: atMostDays(365),
  maxDelay: between1msAnd(365).optional(),
  jitter: z
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, { error: 'must be at least 0' })
    .max(1, { error: 'must be at most 1' })
    .optional(),
};

const backoff = members(backoffShape, '{ type: "exponential", delay: "1s" }').superRefine(
  ({ delay, maxDelay }, { addIssue }) => {
    if (maxDelay === undefined || maxDelay >= delay) return;
    const message = `is shorter than delay ${durationInUnit(delay)}`;
    addIssue({ code: 'custom', path: ['maxDelay'], input: durationInUnit(maxDelay), message });
  },
);

/** Left out if there is none: a policy has one form. */
const unless = z
  .array(text('the name of an error'), { error: 'must be a list of names of errors such as ["ValidationError"]' })
  .max(100, { error: 'has more than 100 names' })
  .transform((names) => (names.length > 0 ? [...new Set(names)] : undefined));

export const retry = members(
  { attempts: wholeNumber(1, 100), backoff: backoff.optional(), unless: unless.optional() },
  '{ attempts: 3 }',
).transform((given): RetryPolicy => {
  const { attempts, unless: names } = given;
  return { attempts, backoff: fillBackoff(given.backoff), ...(names && { unless: names }) };
});

const age = between1msAnd(365).optional();

export const history = members(
  { perJob: wholeNumber(1, 10_000).optional(), age },
  '{ perJob: 100, age: "7d" }',
).transform(
  ({ perJob = DEFAULT_HISTORY.perJob, age: ageMs = DEFAULT_HISTORY.ageMs }): HistoryPolicy => ({ perJob, ageMs }),
);

/** A client that waits for the result reads it within less. */
const MIN_AGE_MS = 1_000;

/** Of a run without a job, there are no others to be counted. */
const enqueuedHistory = members(
  {
    age: durationThat((ms) => ms >= MIN_AGE_MS && ms <= 365 * DAY_MS, 'must be at least 1 s, at most 365d').optional(),
  },
  '{ age: "7d" }, or "none"',
).transform(({ age: ageMs = DEFAULT_HISTORY.ageMs }): Pick<HistoryPolicy, 'ageMs'> => ({ ageMs }));

/** BullMQ has no more priorities than these. */
export const priority = wholeNumber(0, 2_097_151).optional();

/** Longer ones would limit nothing, and are not exact whole numbers beyond some length. */
export const misfireGraceTime = atMostDays(MAX_GRACE_DAYS, '; null means no limit').nullable().optional();

/** Longer ones, timers cannot wait. */
export const timeout = between1msAnd(24).nullable().optional();

export const maxRuns = wholeNumber(1, 100_000).nullable().optional();

export const maxInstances = z
  .int({ error: 'must be a whole number' })
  .min(1, { error: 'must be at least 1' })
  .optional();

export const overlap = z
  .enum(['skip', 'queue', 'replace'], { error: 'must be "skip", "queue" or "replace"' })
  .optional();

/** Of two forms, the messages of the one that was meant. */
export const noneOrHistory = z.unknown().transform((value, context): 'none' | z.output<typeof enqueuedHistory> => {
  if (value === 'none') return value;
  const result = enqueuedHistory.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
  return z.NEVER;
});

const MAX_DELAY_DAYS = 36_500;

export const dedupe = members(
  { key: text('a key'), for: between1msAnd(365) },
  '{ key: "order-17", for: "1h" }',
).optional();

/** When a run without a job is due. */
export const delay = atMostDays(MAX_DELAY_DAYS).optional();
export const at = z.preprocess(canonicalInstant, instantSchema).transform(instantOf).optional();
