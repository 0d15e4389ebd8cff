import type { z } from 'zod';
import { between1msAnd, DAY_MS, members, wholeNumber } from './values.js';

/** How much is kept of what was of a job. */
export interface AccountLimits {
  readonly entries: number;
  readonly ageMs: number;
}

export const DEFAULT_ACCOUNT: AccountLimits = { entries: 1_000, ageMs: 90 * DAY_MS };

const MOST_ENTRIES = 100_000;
const MOST_DAYS = 3_650;

/** Limits as they are given. */
export const accountLimits = members(
  { entries: wholeNumber(2, MOST_ENTRIES).optional(), age: between1msAnd(MOST_DAYS).optional() },
  '{ entries: 10000, age: "30d" }',
).transform(
  ({ entries = DEFAULT_ACCOUNT.entries, age: ageMs = DEFAULT_ACCOUNT.ageMs }): AccountLimits => ({ entries, ageMs }),
) satisfies z.ZodType<AccountLimits>;
