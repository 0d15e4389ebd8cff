import { dayOfWeek, firstDayOf, isLeapYear, isoWeek, MONTHS_OF_A_CYCLE } from './civil.js';
import { daysOfMonths } from './month-masks.js';
import type { Days } from './wall-clock.js';

/** The fields that choose days; all of them must match. */
export interface FieldDays {
  /** Ascending; null: every year. */
  readonly years: readonly number[] | null;
  /** 1–12. */
  readonly months: readonly number[];
  readonly daysOfMonth: DaysOfMonth;
  /** ISO weeks; null: every week. */
  readonly weeks: readonly number[] | null;
  /** 0–6, 0 = Monday. */
  readonly weekdays: readonly number[];
}

export interface DaysOfMonth {
  readonly days: readonly number[];
  /** `last`: the last day of the month. */
  readonly last: boolean;
  /** `3rd mon`, `last fri`; 0 stands for the last. */
  readonly positions: readonly { readonly nth: number; readonly weekday: number }[];
}

export function fieldDays(fields: FieldDays): Days {
  const { years, weeks } = fields;
  const allowedYears = years && new Set(years);
  const allowedMonths = new Set(fields.months);
  // What a month looks like depends on which of the twelve it is, on the weekday it begins with, and on whether its year
  // and (for ISO weeks) the year before are leap years. Masks are made when they are first needed.
  const masks = new Int32Array(12 * 28).fill(UNKNOWN);

  const days = daysOfMonths(
    (month, firstDay, length) => {
      const monthOfYear = month % 12;
      const year = Math.floor(month / 12);
      if (!allowedMonths.has(monthOfYear + 1) || (allowedYears && !allowedYears.has(year))) return 0;
      const leap = (isLeapYear(year) ? 2 : 0) + (weeks && isLeapYear(year - 1) ? 1 : 0);
      const index = monthOfYear * 28 + dayOfWeek(firstDay) * 4 + leap;
      const known = masks[index] ?? UNKNOWN;
      if (known !== UNKNOWN) return known;
      const mask = monthMask(fields, firstDay, length);
      masks[index] = mask;
      return mask;
    },
    years ? 12 * 10_000 : MONTHS_OF_A_CYCLE,
  );
  if (!years) return days;
  const first = firstDayOf((years[0] ?? 0) * 12);
  const end = firstDayOf(((years.at(-1) ?? 0) + 1) * 12);
  return (from) => {
    const day = from >= end ? Number.POSITIVE_INFINITY : days(Math.max(from, first));
    return day < end ? day : Number.POSITIVE_INFINITY;
  };
}

/** No month has 32 days. */
const UNKNOWN = -1;

function monthMask({ daysOfMonth, weeks, weekdays }: FieldDays, firstDay: number, length: number): number {
  const { days, last, positions } = daysOfMonth;
  let mask = 0;
  for (let dayOfMonth = 1; dayOfMonth <= length; dayOfMonth++) {
    const day = firstDay + dayOfMonth - 1;
    const weekday = (dayOfWeek(day) + 6) % 7;
    const inMonth =
      days.includes(dayOfMonth) ||
      (last && dayOfMonth === length) ||
      positions.some(
        (at) =>
          at.weekday === weekday && (at.nth === 0 ? dayOfMonth + 7 > length : Math.ceil(dayOfMonth / 7) === at.nth),
      );
    if (inMonth && weekdays.includes(weekday) && (!weeks || weeks.includes(isoWeek(day))))
      mask |= 1 << (dayOfMonth - 1);
  }
  return mask;
}
