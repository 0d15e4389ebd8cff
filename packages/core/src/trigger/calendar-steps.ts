import { daysOfMonth, firstDayOf, monthAndDay } from './civil.js';
import { dayProgression } from './day-progressions.js';
import type { Days } from './wall-clock.js';

/** Calendar steps from a day on. Days are counted since 1970-01-01. */
export interface CalendarSteps {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly months: number;
  readonly days: number;
}

const DAYS_OF_A_MONTH = 30.436875;

/**
 * Returns the days `start + k × months + k × days`, k = 0, 1, 2, …. The months are added first and keep the start's day of the month. A k whose
 * month does not have this day names no day.
 */
export function calendarSteps({ start, end, months, days }: CalendarSteps): Days {
  const monthDay = monthAndDay(start);
  const startMonth = Math.floor(monthDay / 32);
  const dayOfMonth = monthDay % 32;
  if (months === 0) return dayProgression({ start, end, step: days });
  const averageStep = months * DAYS_OF_A_MONTH + days;

  return (from) => {
    // The estimate is off by a few days at most, in either direction. One step back makes it early, never late.
    let steps = Math.max(0, Math.floor((from - start) / averageStep) - 1);
    for (; ; steps++) {
      const month = startMonth + steps * months;
      const firstDay = firstDayOf(month) + steps * days;
      if (firstDay > end) return Number.POSITIVE_INFINITY;
      if (dayOfMonth > daysOfMonth(month)) continue;
      const day = firstDay + dayOfMonth - 1;
      if (day >= from) return day <= end ? day : Number.POSITIVE_INFINITY;
    }
  };
}
