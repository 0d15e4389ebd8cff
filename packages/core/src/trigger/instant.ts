import { z } from 'zod';

const FORM = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

const SHORTEST_MONTH = 28;

/**
 * Milliseconds of an ISO 8601 instant, or undefined if the text is not one. The text must have an offset (`Z`, `+01:00`). Without one, its meaning
 * would depend on the machine that reads it.
 */
function parseInstant(text: string): number | undefined {
  const [, day] = FORM.exec(text) ?? [];
  if (day === undefined) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) return undefined;
  const ofMonth = Number(day.slice(-2));
  if (ofMonth <= SHORTEST_MONTH) return instant;
  // Date.parse takes 30 February for 2 March.
  return new Date(`${day}T00:00:00Z`).getUTCDate() === ofMonth ? instant : undefined;
}

/** ms of an instant that a schema has already checked. */
export function instantOf(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

/** Returns the one normalised spelling of an instant: `2026-03-29T00:59:00.000Z`. A text that is not an instant stays as it is: a schema refuses it. */
export function canonicalInstant(value: unknown): unknown {
  const instant = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseInstant(value) : undefined;
  return instant === undefined || Number.isNaN(instant) ? value : new Date(instant).toISOString();
}

const ERROR = 'is not an instant: give a Date, or an ISO string with its offset such as "2026-03-29T00:59:00Z"';

export const instantSchema = z.string({ error: ERROR }).refine((text) => parseInstant(text) !== undefined, ERROR);
