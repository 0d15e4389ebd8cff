import { dayOfWeek, daysOfMonth, firstDayOf, isLeapYear, monthAndDay } from './civil.js';
import type { Steps } from './steps.js';
import type { Days } from './wall-clock.js';

/** Returns the named days of a month as bits, bit 0 for its first day. It takes the month, its first day and its length. */
export type MonthMask = (month: number, firstDay: number, length: number) => number;

/** The masks of `Days` that are made of masks. */
export interface Masks {
  readonly maskOf: MonthMask;
  /** `maskOf` as if each year were named, so that it is the same in all years with one calendar. It is `maskOf` itself where no year is named. */
  readonly ofCalendar: MonthMask;
}

const masks = new WeakMap<Days, Masks>();

/** Returns days made of masks. A search ends after `months` months without a day. */
export function daysOfMonths(maskOf: MonthMask, months: number): Days {
  return withMasks({ maskOf, ofCalendar: maskOf }, (from) => firstOfMasks(maskOf, from, months));
}

/** Remembers the masks of `days`, which name exactly these days, and returns the days. */
export function withMasks(made: Masks, days: Days): Days {
  masks.set(days, made);
  return days;
}

/** The masks of days; undefined if the days are not made of masks. */
export function masksOf(days: Days): Masks | undefined {
  return masks.get(days);
}

/** Returns the first day at or after another that a mask names, or Infinity. It looks at the month of that day and the `months` after it. */
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

/** Months that a step looks at after its first one. */
const A_YEAR = 12;

/** Returns a mask in days of UTC for a clock that shows the day before (-1), the same day or the day after (1). */
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

/**
 * Returns a mask that is the same in all years with one calendar, and is made once for each calendar. The leap years just before and after count
 * too.
 */
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

/** A mask that no month has, as no month has 32 days. */
export const UNKNOWN = -1;

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
