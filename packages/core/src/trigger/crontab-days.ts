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
 * crontab's rule: where day of month and day of week are both restricted, a day that matches either is named; else
 * both must match, and the unrestricted one always does.
 */
export function crontabDays(fields: CrontabDays): Days {
  const months = new Set(fields.months);
  if (months.size === 12 && !fields.dayOfMonth.restricted && !fields.dayOfWeek.restricted) return everyDay;
  const allowed = Array.from({ length: 12 }, (_, index) => months.has(index + 1));
  // What a month looks like depends on its length and on the weekday it begins with: 28 masks, a bit for each day, made
  // when they are first needed.
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

/** No month has 32 days. */
const UNKNOWN = -1;

function monthMask({ dayOfMonth, dayOfWeek }: CrontabDays, length: number, firstWeekday: number): number {
  const weekdayOf = (day: number) => (firstWeekday + day - 1) % 7;
  const ofMonth = new Set([
    ...dayOfMonth.values,
    ...dayOfMonth.fromEnd.map((before) => length - before),
    ...dayOfMonth.nearest.map((day) => nearestWeekday(day, length, weekdayOf)),
    ...dayOfMonth.nearestFromEnd.map((before) => nearestWeekday(length - before, length, weekdayOf)),
  ]);
  let mask = 0;
  for (let day = 1; day <= length; day++) {
    const weekday = weekdayOf(day);
    const inMonth = ofMonth.has(day);
    const inWeek =
      dayOfWeek.values.includes(weekday) ||
      dayOfWeek.positions.some(
        (at) => at.weekday === weekday && (at.nth === 0 ? day + 7 > length : Math.ceil(day / 7) === at.nth),
      );
    const either = dayOfMonth.restricted && dayOfWeek.restricted;
    if (either ? inMonth || inWeek : inMonth && inWeek) mask |= 1 << (day - 1);
  }
  return mask;
}

/** The day of Monday to Friday that is nearest, and of the same month, as in Quartz; 0 where the month has no such day. */
function nearestWeekday(day: number, length: number, weekdayOf: (day: number) => number): number {
  if (day < 1 || day > length) return 0;
  const weekday = weekdayOf(day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}
