import { DAY_MS } from './civil.js';
import { LAST_DAY } from './horizon.js';
import type { MinutesOfDay } from './minutes-of-day.js';
import { gcd, inverse, type ResidueClass } from './residue-class.js';

/** Times of day in UTC: each of the seconds in each of the minutes. */
export interface CommonTimes {
  readonly minutes: MinutesOfDay;
  /** Ascending, not empty. */
  readonly seconds: readonly number[];
}

/**
 * Returns a search for the first instant of a progression, at or after another, that is at one of the times of day; it returns Infinity if there is
 * none. The step is less than a day. The progression reaches a time of day either never or at equal distances of days, so all these instants repeat
 * in a cycle.
 */
export function timesOfProgression(times: CommonTimes, { rest, step }: ResidueClass): (from: number) => number {
  const common = Number(gcd(BigInt(step), BigInt(DAY_MS)));
  const cycleDays = step / common;
  const multiplier = Number(inverse(BigInt(DAY_MS / common), BigInt(cycleDays)));
  const instants: number[] = [];
  for (let minute = times.minutes.next(0); minute >= 0; minute = times.minutes.next(minute + 1)) {
    for (const second of times.seconds) {
      const time = (minute * 60 + second) * 1_000;
      if ((rest - time) % common !== 0) continue;
      const steps = ((rest - time) / common) % cycleDays;
      // Both factors are less than 86,400,000, so their product is exact.
      const day = ((steps < 0 ? steps + cycleDays : steps) * multiplier) % cycleDays;
      if (day < LAST_DAY) instants.push(day * DAY_MS + time);
    }
  }
  if (instants.length === 0) return () => Number.POSITIVE_INFINITY;
  const sorted = Float64Array.from(instants).sort();
  // A cycle that is longer than the searched time does not repeat in it.
  const cycle = cycleDays < LAST_DAY ? cycleDays * DAY_MS : Number.POSITIVE_INFINITY;
  return (from) => firstAtOrAfter(sorted, cycle, from);
}

function firstAtOrAfter(sorted: Float64Array, cycle: number, from: number): number {
  const begin = cycle === Number.POSITIVE_INFINITY ? 0 : from - (from % cycle);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < from - begin) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  if (found !== undefined) return begin + found;
  return begin + cycle + (sorted[0] ?? Number.POSITIVE_INFINITY);
}
