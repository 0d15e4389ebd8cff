import { durationInUnit, lengthText } from './duration-text.js';
import { InvalidOptionsError } from './errors.js';
import { shown } from './shown.js';

/** A length of time: a number of milliseconds, or a number with its unit (`'40s'`, `'1.5h'`). */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** Returns the milliseconds of a duration, or undefined if it is not one. Negative and non-finite numbers are not durations. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = FORM.exec(value) ?? [];
  return amount && unit ? Number(amount) * UNITS[unit as keyof typeof UNITS] : undefined;
}

/** Returns what a message adds to a number of milliseconds from a second on, such as `(25d) `; else an empty text. */
export function inParentheses(value: unknown): string {
  const isLong = typeof value === 'number' && Number.isSafeInteger(value) && value >= UNITS.s;
  if (!isLong) return '';
  const exact = durationInUnit(value);
  return `(${exact.endsWith('s') && value > UNITS.d ? lengthText(value) : exact}) `;
}

const LONGEST_DAYS = 36_500;
/** A timer of Node.js that is set to more than 24.8 days ends at once. */
const LONGEST_TIMER_DAYS = 24;

/**
 * Returns the whole milliseconds of a duration.
 * @throws InvalidOptionsError naming `what`, if it is not a duration, or longer than 36,500 days.
 */
export function toMilliseconds(value: Duration, what: string): number {
  return atMost(LONGEST_DAYS, value, what);
}

/**
 * Returns the whole milliseconds of a duration that a timer can wait for.
 * @throws InvalidOptionsError naming `what`, if it is not a duration, or longer than 24 days.
 */
export function timerMilliseconds(value: Duration, what: string): number {
  return atMost(LONGEST_TIMER_DAYS, value, what);
}

function atMost(days: number, value: Duration, what: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) {
    throw new InvalidOptionsError(
      `${what}: ${shown(value)} is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h", "1d", "1w"`,
    );
  }
  if (ms <= days * UNITS.d) return Math.round(ms);
  throw new InvalidOptionsError(`${what}: ${shown(value)} ${inParentheses(value)}is too long: give at most ${days}d`);
}
