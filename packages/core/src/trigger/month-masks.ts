import { daysOfMonth, monthAndDay } from './civil.js';
import type { Days } from './wall-clock.js';

/** The days of a month that are named, bit 0 for its first, from the month, its first day and its length. */
export type MonthMask = (month: number, firstDay: number, length: number) => number;

/** Days by month; a search ends after `months` months without one. */
export function daysOfMonths(maskOf: MonthMask, months: number): Days {
  return (from) => {
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
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
