import { daysOfMonth, MONTHS_OF_A_CYCLE, monthAndDay } from './civil.js';
import type { Days } from './wall-clock.js';

/** The days of a month that are named, bit 0 for its first, from the month, its first day and its length. */
export type MonthMask = (month: number, firstDay: number, length: number) => number;

/** The masks of those days that are made of masks. */
const masks = new WeakMap<Days, MonthMask>();

/** Days by month; a search ends after `months` months without one. */
export function daysOfMonths(maskOf: MonthMask, months: number): Days {
  const days: Days = (from) => {
    const packed = monthAndDay(from);
    let month = Math.floor(packed / 32);
    const dayOfMonth = packed % 32;
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
  };
  masks.set(days, maskOf);
  return days;
}

/**
 * Days that all of a list name, in fewer lists: those that are made of masks become one. What they have in common is known
 * by a few operations a month.
 */
export function commonDays(all: readonly Days[]): readonly Days[] {
  const distinct = [...new Set(all)];
  const masked = distinct.flatMap((days) => masks.get(days) ?? []);
  if (masked.length < 2) return distinct;
  const others = distinct.filter((days) => !masks.has(days));
  const maskOf: MonthMask = (month, firstDay, length) => {
    let mask = -1;
    for (let index = 0; index < masked.length && mask !== 0; index++) {
      mask &= masked[index]?.(month, firstDay, length) ?? 0;
    }
    return mask;
  };
  return [daysOfMonths(maskOf, MONTHS_OF_A_HORIZON), ...others];
}

/** Days are asked for up to 2099, the end of what an `and` looks at. */
const MONTHS_OF_A_HORIZON = Math.min(MONTHS_OF_A_CYCLE, 131 * 12);

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
