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
 * The days `start + k × months + k × days`, k = 0, 1, 2, …: months first, with the day of the month of the start; where
 * that month has no such day, there is none for this k.
 */
export function calendarSteps({ start, end, months, days }: CalendarSteps): Days {
  const monthDay = monthAndDay(start);
  const startMonth = Math.floor(monthDay / 32);
  const dayOfMonth = monthDay % 32;
  if (months === 0) return dayProgression({ start, end, step: days });
  const averageStep = months * DAYS_OF_A_MONTH + days;

  return (from) => {
    // A few days off at most, in either direction: a step back is enough to come from below.
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
