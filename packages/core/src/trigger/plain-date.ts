import { z } from 'zod';
import { DAY_MS } from './civil.js';

/** Days since 1970-01-01 of a date such as `2026-03-29`, or undefined if the text is not one. */
function parsePlainDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001') return undefined;
  const midnight = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(text)) return undefined;
  return midnight / DAY_MS;
}

/** Days since 1970-01-01 of a date that a schema has already checked. */
export function dayOf(text: string): number {
  return parsePlainDate(text) ?? Number.NaN;
}

const ERROR = 'is not a date: give a string such as "2026-03-29"';

export const plainDateSchema = z.string({ error: ERROR }).refine((text) => parsePlainDate(text) !== undefined, ERROR);
