import type { Revision } from '../revision.js';
import type { Lateness } from './explanation.js';
import type { Course } from './trace.js';

/** Lateness below this is not explained. */
export const NOTABLE_MS = 1_000;

/** @param bound the lateness of the slowest outcome in its stretch, ms */
export function latenessOf(
  course: Course | null,
  dueAt: number,
  bound: number | null,
  revision: Revision | null,
): Lateness {
  const { submittedAt = null, firstStartedAt = null, startedAt = null, settledAt = null } = course ?? {};
  return {
    planningMs: between(dueAt, submittedAt),
    queueMs: between(submittedAt, firstStartedAt),
    runMs: between(startedAt, settledAt),
    settledWithinMs: bound,
    graceMs: revision?.definition.misfireGraceMs ?? null,
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
