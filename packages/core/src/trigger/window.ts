import { LAST_INSTANT } from './civil.js';
import type { NextMs } from './compiled-trigger.js';
import { canonicalInstant, instantOf, instantSchema } from './instant.js';

/** When a trigger begins and ends; both inclusive. */
export interface Window {
  readonly startAt?: string;
  readonly endAt?: string;
}

/** A window as factories take it. */
export interface WindowOptions {
  readonly startAt?: Date | string | undefined;
  readonly endAt?: Date | string | undefined;
}

export const windowShape = { startAt: instantSchema.exactOptional(), endAt: instantSchema.exactOptional() };

/** The fields of a window in their one spelling; absent ones stay absent. */
export function canonicalWindow(fields: object): object {
  const entries = Object.entries(fields).filter(([key]) => key === 'startAt' || key === 'endAt');
  return Object.fromEntries(entries.map(([key, value]) => [key, canonicalInstant(value)]));
}

/** Only those fire times that lie in the window, and none after the year 9999. */
export function within({ startAt, endAt }: Window, nextMs: NextMs): NextMs {
  const start = startAt === undefined ? Number.NEGATIVE_INFINITY : instantOf(startAt) - 1;
  const end = endAt === undefined ? LAST_INSTANT : Math.min(instantOf(endAt), LAST_INSTANT);
  return (after) => {
    if (after >= end) return null;
    const fireTime = nextMs(Math.max(after, start));
    return fireTime !== null && fireTime <= end ? fireTime : null;
  };
}
