import { dayOfWeek, daysOfMonth, firstDayOf, isLeapYear, monthAndDay } from './civil.js';
import type { Steps } from './steps.js';
import type { Days } from './wall-clock.js';

/** The days of a month that are named, bit 0 for its first, from the month, its first day and its length. */
export type MonthMask = (month: number, firstDay: number, length: number) => number;

/** What those days are made of that are made of masks. */
export interface Masks {
  readonly maskOf: MonthMask;
  /** `maskOf` as if each year were named: the same in years that have one calendar. `maskOf` itself where no year is named. */
  readonly ofCalendar: MonthMask;
}

const masks = new WeakMap<Days, Masks>();

/** Days by month; a search ends after `months` months without one. */
export function daysOfMonths(maskOf: MonthMask, months: number): Days {
  return withMasks({ maskOf, ofCalendar: maskOf }, (from) => firstOfMasks(maskOf, from, months));
}

/** Days beside the masks that name just these. */
export function withMasks(made: Masks, days: Days): Days {
  masks.set(days, made);
  return days;
}

/** undefined if they are not made of masks. */
export function masksOf(days: Days): Masks | undefined {
  return masks.get(days);
}

/** The first day at or after another that masks name, in a number of months after its own; or Infinity. */
function firstOfMasks(maskOf: MonthMask, from: number, months: number): number {
  const monthDay = monthAndDay(from);
  let month = Math.floor(monthDay / 32);
  const dayOfMonth = monthDay % 32;
  let firstDay = from - dayOfMonth + 1;
  let length = daysOfMonth(month);
  let mask = maskOf(month, firstDay, length) & (-1 << (dayOfMonth - 1));
  for (const end = month + months; mask === 0; ) {
    if (month > end) return Number.POSITIVE_INFINITY;
    month++;
    firstDay += length;
    length = daysOfMonth(month);
    mask = maskOf(month, firstDay, length);
  }
  return firstDay + lowestBit(mask);
}

/** `firstOfMasks` in steps of a year. */
export function* firstOfMasksInSteps(maskOf: MonthMask, from: number, months: number): Steps<number> {
  let day = from;
  for (let left = months; left >= 0; left -= A_YEAR + 1) {
    const found = firstOfMasks(maskOf, day, Math.min(A_YEAR, left));
    if (found < Number.POSITIVE_INFINITY) return found;
    yield;
    day = firstDayOf(Math.floor(monthAndDay(day) / 32) + A_YEAR + 1);
  }
  return Number.POSITIVE_INFINITY;
}

/** Months that are looked at beside the first one. */
const A_YEAR = 12;

/** The mask by which a clock names days where it shows the day before (-1), the same or the day after (1). */
export function shiftedMask(maskOf: MonthMask, shift: number): MonthMask {
  if (shift === 0) return maskOf;
  if (shift > 0) {
    return (month, firstDay, length) => {
      const next = maskOf(month + 1, firstDay + length, daysOfMonth(month + 1));
      return (maskOf(month, firstDay, length) >>> 1) | ((next & 1) << (length - 1));
    };
  }
  return (month, firstDay, length) => {
    const before = daysOfMonth(month - 1);
    const last = (maskOf(month - 1, firstDay - before, before) >>> (before - 1)) & 1;
    return ((maskOf(month, firstDay, length) << 1) & ~(-1 << length)) | last;
  };
}

/** A mask that is the same in years that have one calendar, each made once. What comes just before and after the year counts too. */
export function byCalendar(maskOf: MonthMask): MonthMask {
  const known = new Int32Array(12 * 7 * 16).fill(UNKNOWN);
  return (month, firstDay, length) => {
    const year = Math.floor(month / 12);
    let leapYears = 0;
    for (let near = year - 2; near <= year + 1; near++) leapYears = leapYears * 2 + (isLeapYear(near) ? 1 : 0);
    const index = ((month % 12) * 7 + dayOfWeek(firstDay)) * 16 + leapYears;
    if (known[index] === UNKNOWN) known[index] = maskOf(month, firstDay, length);
    return known[index] ?? 0;
  };
}

/** No month has 32 days. */
export const UNKNOWN = -1;

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
