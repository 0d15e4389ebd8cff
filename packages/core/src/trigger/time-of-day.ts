import { MinutesOfDay } from './minutes-of-day.js';

/** The times of day that a trigger names, in whole seconds since midnight. */
export interface TimeOfDay {
  /** Returns the first time at or after `second` (0 to 86,400), or -1 where the day has no more. */
  next(second: number): number;
  readonly first: number;
  /** The minutes of the day that have a named time. */
  readonly minutes: MinutesOfDay;
  /** The named seconds of each of these minutes, ascending. */
  readonly seconds: readonly number[];
  /** Whether all 24 hours are named, however they were written. */
  readonly everyHour: boolean;
}

/** Every combination of the given hours (0–23), minutes and seconds (0–59); none of the lists may be empty. */
export function timeOfDay(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]): TimeOfDay {
  const nextHour = firstAtOrAfter(hours, 24);
  const nextMinute = firstAtOrAfter(minutes, 60);
  const nextSecond = firstAtOrAfter(seconds, 60);
  const firstOfMinute = at(nextSecond, 0);
  const firstOfHour = at(nextMinute, 0) * 60 + firstOfMinute;
  let minutesOfDay: MinutesOfDay | undefined;
  return {
    get minutes() {
      minutesOfDay ??= MinutesOfDay.of(hours, minutes);
      return minutesOfDay;
    },
    seconds: [...new Set(seconds)].sort((a, b) => a - b),
    first: at(nextHour, 0) * 3_600 + firstOfHour,
    everyHour: new Set(hours).size === 24,
    next(second) {
      const hour = Math.floor(second / 3_600);
      const foundHour = at(nextHour, hour);
      if (foundHour === NONE) return -1;
      if (foundHour > hour) return foundHour * 3_600 + firstOfHour;
      const minute = Math.floor((second - hour * 3_600) / 60);
      const foundMinute = at(nextMinute, minute);
      if (foundMinute === minute) {
        const foundSecond = at(nextSecond, second % 60);
        if (foundSecond !== NONE) return hour * 3_600 + minute * 60 + foundSecond;
      }
      const laterMinute = foundMinute > minute ? foundMinute : at(nextMinute, minute + 1);
      if (laterMinute !== NONE) return hour * 3_600 + laterMinute * 60 + firstOfMinute;
      const laterHour = at(nextHour, hour + 1);
      return laterHour === NONE ? -1 : laterHour * 3_600 + firstOfHour;
    },
  };
}

const NONE = 255;

/** A table with, for each value up to and including `size`, the first of `values` at or after it. */
function firstAtOrAfter(values: readonly number[], size: number): Uint8Array {
  const table = new Uint8Array(size + 1).fill(NONE);
  for (const value of values) table[value] = value;
  for (let value = size - 1; value >= 0; value--) {
    if (table[value] === NONE) table[value] = at(table, value + 1);
  }
  return table;
}

function at(table: Uint8Array, index: number): number {
  return table[index] ?? NONE;
}
