import { DAY_MS } from './civil.js';
import type { TimeOfDay } from './time-of-day.js';

/**
 * The wall-clock times that a trigger names, without a zone. Returns the first one at or after `from`, or Infinity if there is none. A wall-clock
 * time is a number of ms: what the clock shows, read as if it were UTC.
 */
export type WallClock = (from: number) => number;

/** Returns the first day (days since 1970-01-01) at or after `from` that a trigger names, or Infinity if there is none. */
export type Days = (from: number) => number;

export const everyDay: Days = (from) => from;

/** Returns every given time of day on every given day. */
export function wallClock(days: Days, time: TimeOfDay): WallClock {
  return (from) => {
    const today = Math.floor(from / DAY_MS);
    const day = days(today);
    if (day > today) return day * DAY_MS + time.first * 1_000;
    const second = time.next(Math.ceil((from - today * DAY_MS) / 1_000));
    return second >= 0 ? today * DAY_MS + second * 1_000 : days(today + 1) * DAY_MS + time.first * 1_000;
  };
}
