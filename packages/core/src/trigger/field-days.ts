import { dayOfWeek, firstDayOf, isLeapYear, isoWeek, MONTHS_OF_A_CYCLE, monthAndDay } from './civil.js';
import { daysOfMonths, type MonthMask, UNKNOWN, withMasks } from './month-masks.js';
import { type Days, everyDay } from './wall-clock.js';

/** The fields that choose days; all of them must match. */
export interface FieldDays {
  /** Ascending; null means every year. */
  readonly years: readonly number[] | null;
  /** 1–12. */
  readonly months: readonly number[];
  readonly daysOfMonth: DaysOfMonth;
  /** ISO weeks; null means every week. */
  readonly weeks: readonly number[] | null;
  /** 0–6, 0 = Monday. */
  readonly weekdays: readonly number[];
}

export interface DaysOfMonth {
  readonly days: readonly number[];
  /** `last`, `last-2`: counted back from the last day of the month. */
  readonly fromEnd: readonly number[];
  /** `3rd mon`, `last fri`; 0 means the last. */
  readonly positions: readonly { readonly nth: number; readonly weekday: number }[];
}

export function fieldDays(fields: FieldDays): Days {
  const { years, weeks } = fields;
  const allowedMonths = new Set(fields.months);
  const { daysOfMonth, weekdays } = fields;
  if (!years && !weeks && allowedMonths.size === 12 && daysOfMonth.days.length === 31 && weekdays.length === 7)
    return everyDay;
  // The days of a month depend on which of the twelve it is, on the weekday it begins with, and on whether its year and (for ISO weeks) the year
  // before are leap years. Masks are made when they are first needed.
  const masks = new Int32Array(12 * 28).fill(UNKNOWN);
  const daysNamed = bits(daysOfMonth.days.map((day) => day - 1));

  const maskOf = (month: number, firstDay: number, length: number) => {
    const monthOfYear = month % 12;
    const year = Math.floor(month / 12);
    if (!allowedMonths.has(monthOfYear + 1)) return 0;
    const leap = (isLeapYear(year) ? 2 : 0) + (weeks && isLeapYear(year - 1) ? 1 : 0);
    const index = monthOfYear * 28 + dayOfWeek(firstDay) * 4 + leap;
    const known = masks[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const mask = monthMask(fields, daysNamed, firstDay, length);
    masks[index] = mask;
    return mask;
  };
  if (!years) return daysOfMonths(maskOf, MONTHS_OF_A_CYCLE);

  const daysOfYear = daysOfMonths(maskOf, 12);
  const named = new Set(years);
  const maskOfNamed: MonthMask = (month, firstDay, length) =>
    named.has(Math.floor(month / 12)) ? maskOf(month, firstDay, length) : 0;
  // Most lists of years are short. In a long list, a year with such days comes soon.
  return withMasks({ maskOf: maskOfNamed, ofCalendar: maskOf }, (from) => {
    const year = Math.floor(monthAndDay(from) / 384);
    for (let index = firstAtLeast(years, year); index < years.length; index++) {
      const next = years[index] ?? 0;
      const day = daysOfYear(Math.max(from, firstDayOf(next * 12)));
      if (day < firstDayOf((next + 1) * 12)) return day;
    }
    return Number.POSITIVE_INFINITY;
  });
}

/** The index of the first number that is at least `least`. */
function firstAtLeast(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function monthMask(
  { daysOfMonth, weeks, weekdays }: FieldDays,
  daysNamed: number,
  firstDay: number,
  length: number,
): number {
  const { fromEnd, positions } = daysOfMonth;
  const firstOf = (weekday: number) => (weekday - dayOfWeek(firstDay) + 8) % 7;
  let mask = daysNamed | bits(fromEnd.map((before) => length - 1 - before));
  for (const { nth, weekday } of positions) {
    const first = firstOf(weekday);
    const weeksAfter = nth === 0 ? Math.floor((length - 1 - first) / 7) : nth - 1;
    mask |= bits([first + 7 * weeksAfter]);
  }
  let named = 0;
  for (const weekday of weekdays) named |= ONE_A_WEEK << firstOf(weekday);
  mask &= named & (-1 >>> (32 - length));
  // The days before the month's first Monday are in one week. Each Monday begins another week.
  for (let day = weeks ? firstOf(0) - 7 : length; day < length; day += 7)
    if (!weeks?.includes(isoWeek(firstDay + Math.max(0, day)))) mask &= ~(day < 0 ? 0x7f >>> -day : 0x7f << day);
  return mask;
}

/** Bits 0, 7, 14, 21 and 28. */
const ONE_A_WEEK = 0x10204081;

/** Sets a bit for each place. Places outside a month are left out. */
function bits(places: readonly number[]): number {
  let mask = 0;
  for (const place of places) if (place >= 0 && place < 31) mask |= 1 << place;
  return mask;
}
