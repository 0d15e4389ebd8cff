import { LAST_INSTANT } from './civil.js';
import type { NextMs } from './compiled-trigger.js';
import { canonicalInstant, instantOf, instantSchema } from './instant.js';

/** When a trigger begins and ends; both inclusive. */
export interface Window {
  readonly startAt?: string;
  readonly endAt?: string;
}

/** A window as the factories of triggers take it. */
export interface WindowOptions {
  readonly startAt?: Date | string | undefined;
  readonly endAt?: Date | string | undefined;
}

export const windowShape = { startAt: instantSchema.exactOptional(), endAt: instantSchema.exactOptional() };

/** The error that a schema's `refine` reports for a window. */
export const WINDOW_ORDER = {
  error: 'endAt is before startAt, so that it never fires',
  when: ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0,
};

export function isInOrder({ startAt, endAt }: Window): boolean {
  return startAt === undefined || endAt === undefined || instantOf(startAt) <= instantOf(endAt);
}

/** The fields of a window in one normalised spelling; absent fields stay absent. */
export function canonicalWindow(fields: object): object {
  const entries = Object.entries(fields).filter(([key]) => key === 'startAt' || key === 'endAt');
  return Object.fromEntries(entries.map(([key, value]) => [key, canonicalInstant(value)]));
}

/** The first and the last instant (ms) of a window. */
export function boundsOf({ startAt, endAt }: Window): { readonly from: number; readonly until: number } {
  const from = startAt === undefined ? Number.NEGATIVE_INFINITY : instantOf(startAt);
  return { from, until: endAt === undefined ? LAST_INSTANT : Math.min(instantOf(endAt), LAST_INSTANT) };
}

/** Limits fire times to those in the window, and to the years up to 9999. */
export function within(window: Window, nextMs: NextMs): NextMs {
  const { from, until } = boundsOf(window);
  return (after) => {
    if (after >= until) return null;
    const fireTime = nextMs(Math.max(after, from - 1));
    return fireTime !== null && fireTime <= until ? fireTime : null;
  };
}
