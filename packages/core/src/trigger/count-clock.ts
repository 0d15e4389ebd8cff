import { DAY_MS } from './civil.js';
import { type Clock, nextOfClock } from './clock.js';
import { ownEnd, ownStart } from './daylight-saving.js';
import { MINUTES_OF_A_DAY } from './minutes-of-day.js';
import type { TimeOfDay } from './time-of-day.js';

/** Returns a count for the time from `from` to `to`, exclusive; ms. */
type Count = (from: number, to: number) => number;

/**
 * Returns a function that counts the fire times of a clock trigger. In each period of one offset, it counts the named wall-clock times. It looks
 * only at the fires of a gap one by one, as they have places among others. A gap lasts minutes, or once, in Samoa, a day.
 */
export function countOfClock(clock: Clock): Count {
  const { zone, rule } = clock;
  const nextMs = nextOfClock(clock);
  const countWalls = countOfWalls(clock);
  return (from, to) => {
    let count = 0;
    for (let at = from; at < to; ) {
      const period = zone.periodAt(at);
      const end = Math.min(to, period.end);
      const gapEnd = rule.gap === 'shift' ? Math.min(end, period.start + (period.offset - period.before)) : at;
      for (let fire = nextMs(at - 1); at < gapEnd && fire !== null && fire < gapEnd; fire = nextMs(fire)) count += 1;
      const begin = ownStart(period, rule, Math.max(at, gapEnd));
      count += countWalls(begin + period.offset, Math.min(end, ownEnd(period, rule)) + period.offset);
      at = end;
    }
    return count;
  };
}

/** Counts the named wall-clock times, which are in ms that the clock shows, read as if it were UTC. */
function countOfWalls({ days, timeOfDay }: Pick<Clock, 'days' | 'timeOfDay'>): Count {
  const before = timesBefore(timeOfDay);
  const ofDay = before(DAY_MS / 1_000);
  const ofPart = (day: number, wall: number) =>
    days(day) === day ? before(Math.ceil((wall - day * DAY_MS) / 1_000)) : 0;
  return (from, to) => {
    if (from >= to) return 0;
    const [first, last] = [Math.floor(from / DAY_MS), Math.floor(to / DAY_MS)];
    let count = ofPart(last, to) - ofPart(first, from);
    for (let day = days(first); day < last; day = days(day + 1)) count += ofDay;
    return count;
  };
}

/** Returns a function that counts the times of day before a second of the day, 0 to 86,400. */
function timesBefore({ minutes, seconds }: TimeOfDay): (second: number) => number {
  const minutesBefore = new Uint16Array(MINUTES_OF_A_DAY + 1);
  for (let minute = 0; minute < MINUTES_OF_A_DAY; minute++) {
    minutesBefore[minute + 1] = (minutesBefore[minute] ?? 0) + (minutes.has(minute) ? 1 : 0);
  }
  return (second) => {
    const minute = Math.floor(second / 60);
    const isNamed = minute < MINUTES_OF_A_DAY && minutes.has(minute);
    const ofMinute = isNamed ? seconds.filter((one) => one < second % 60).length : 0;
    return (minutesBefore[minute] ?? 0) * seconds.length + ofMinute;
  };
}
