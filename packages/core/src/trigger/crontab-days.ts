import { dayOfWeek, MONTHS_OF_A_CYCLE } from './civil.js';
import type { CrontabField } from './crontab-field.js';
import { daysOfMonths } from './month-masks.js';
import { type Days, everyDay } from './wall-clock.js';

/** The three fields of a crontab line that choose its days. */
export interface CrontabDays {
  /** 1–12. */
  readonly months: readonly number[];
  readonly dayOfMonth: Omit<CrontabField, 'positions'> & { readonly restricted: boolean };
  readonly dayOfWeek: Pick<CrontabField, 'values' | 'positions'> & { readonly restricted: boolean };
}

/**
 * Returns the days by crontab's rule. If day of month and day of week are both restricted, a day that matches either is named. Otherwise both must
 * match, and an unrestricted field always matches.
 */
export function crontabDays(fields: CrontabDays): Days {
  const months = new Set(fields.months);
  if (months.size === 12 && !fields.dayOfMonth.restricted && !fields.dayOfWeek.restricted) return everyDay;
  const allowed = Array.from({ length: 12 }, (_, index) => months.has(index + 1));
  // The days of a month depend on its length and on the weekday it begins with. That gives 28 masks, one bit a day, made when they are first
  // needed.
  const masks = new Int32Array(28).fill(UNKNOWN);

  const maskOf = (month: number, firstDay: number, length: number): number => {
    if (!allowed[month % 12]) return 0;
    const weekday = dayOfWeek(firstDay);
    const index = (length - 28) * 7 + weekday;
    const known = masks[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const mask = monthMask(fields, length, weekday);
    masks[index] = mask;
    return mask;
  };

  return daysOfMonths(maskOf, MONTHS_OF_A_CYCLE);
}

/** A mask that no month has, as no month has 32 days. */
const UNKNOWN = -1;

function monthMask({ dayOfMonth, dayOfWeek }: CrontabDays, length: number, firstWeekday: number): number {
  const weekdayOf = (day: number) => (firstWeekday + day - 1) % 7;
  let inMonth = 0;
  for (const day of dayOfMonth.values) inMonth |= bitOf(day);
  for (const before of dayOfMonth.fromEnd) inMonth |= bitOf(length - before);
  for (const day of dayOfMonth.nearest) inMonth |= bitOf(nearestWeekday(day, length, weekdayOf));
  for (const before of dayOfMonth.nearestFromEnd) {
    inMonth |= bitOf(nearestWeekday(length - before, length, weekdayOf));
  }
  let inWeek = 0;
  const firstOf = (weekday: number) => ((weekday - firstWeekday + 7) % 7) + 1;
  for (const weekday of dayOfWeek.values) inWeek |= EACH_WEEK << (firstOf(weekday) - 1);
  for (const { weekday, nth } of dayOfWeek.positions) {
    const first = firstOf(weekday);
    inWeek |= bitOf(first + 7 * (nth === 0 ? Math.floor((length - first) / 7) : nth - 1));
  }
  const either = dayOfMonth.restricted && dayOfWeek.restricted;
  return (either ? inMonth | inWeek : inMonth & inWeek) & ~(-1 << length);
}

/** The days 1, 8, 15, 22 and 29. */
const EACH_WEEK = 0b1_0000001_0000001_0000001_0000001;

/** The bit of a day of the month; 0 if there is no such day. */
function bitOf(day: number): number {
  return day >= 1 && day <= 31 ? 1 << (day - 1) : 0;
}

/** Returns the nearest day from Monday to Friday in the same month, as in Quartz; 0 where the month does not have `day`. */
function nearestWeekday(day: number, length: number, weekdayOf: (day: number) => number): number {
  if (day < 1 || day > length) return 0;
  const weekday = weekdayOf(day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}
