import { describe, expect, it, vi } from 'vitest';
import { type OffsetPeriod, Zone } from '../../../../packages/core/src/trigger/zone.js';
import { someOf } from '../../../support/sweep.js';
import { clockOf } from './wall-clock-judge.js';

const DAY = 86_400_000;

/** Yields noon in UTC of every `step` days, from one year to before another. */
function* daysOf(from: number, to: number, step = 1): Generator<number> {
  for (let day = Date.UTC(from, 0, 1, 12); day < Date.UTC(to); day += step * DAY) yield day;
}

/** Zones whose clocks change by rules, by Ramadan or by whole days, with short spells in 2000, 2004 and 2040. */
const ODD = ['Europe/Berlin', 'Asia/Gaza', 'Africa/Casablanca', 'America/Recife', 'America/Argentina/Tucuman'];

describe('the periods of a zone', () => {
  it.each(someOf(ODD, 1))('of %s hold each third day of 1970 to 2099, asked in whatever order', (name) => {
    const shownAt = clockOf(name);
    const days = [...daysOf(1970, 2100, 3)];
    const expected = new Map(days.map((day) => [day, shownAt(day) - day]));
    const shuffled = days.map((day, index) => days[(index * 7_919) % days.length] ?? day);
    for (const order of [days, [...days].reverse(), shuffled]) {
      const zone = new Zone(name);
      const wrong = order.filter((day) => {
        const { start, end, offset } = zone.periodAt(day);
        return offset !== expected.get(day) || !(start <= day && day < end);
      });
      expect(wrong.map((day) => new Date(day).toISOString())).toEqual([]);
    }
  });

  it('are those that the runtime has, also centuries ahead', () => {
    for (const name of someOf(Intl.supportedValuesOf('timeZone'), 3)) {
      const shownAt = clockOf(name);
      const zone = new Zone(name);
      const days = [...daysOf(1975, 2120, 1_511), ...daysOf(2_390, 2_400, 797), ...daysOf(9_990, 9_999, 797)];
      const wrong = days.filter((day) => zone.periodAt(day).offset !== shownAt(day) - day);
      expect([name, ...wrong.map((day) => new Date(day).toISOString())]).toEqual([name]);
    }
  });

  it('do not depend on what the machine’s clock shows', () => {
    const walk = () => {
      const zone = new Zone('America/New_York');
      const periods: OffsetPeriod[] = [];
      for (let at = Date.UTC(2090, 0); at < Date.UTC(2093, 0); at = periods.at(-1)?.end ?? at)
        periods.push(zone.periodAt(at));
      return periods;
    };
    const expected = walk();
    expect(expected.length).toBeGreaterThan(6);
    vi.useFakeTimers({ now: 0 });
    try {
      expect(walk()).toEqual(expected);
    } finally {
      vi.useRealTimers();
    }
  });

  it('join: what one period ends with, the next one begins with', () => {
    const names = [...ODD, 'Pacific/Apia', 'Australia/Lord_Howe', 'Asia/Tokyo', 'Africa/Monrovia'];
    for (const name of someOf(names, 3)) {
      const zone = new Zone(name);
      for (let at = Date.UTC(1965, 0); at < Date.UTC(2045, 0); ) {
        const period = zone.periodAt(at);
        const next = zone.periodAt(period.end);
        expect(period.after).toBe(next.offset);
        // Where no change is near, a period is cut off, and the next one also holds its end.
        if (next.start === period.end) expect(next.before).toBe(period.offset);
        else expect([next.start < period.end, next.offset]).toEqual([true, period.offset]);
        at = period.end;
      }
    }
  });
});
