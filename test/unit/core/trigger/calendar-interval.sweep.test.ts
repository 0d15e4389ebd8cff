import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarInterval, compileTrigger } from '../../../../packages/core/src/trigger/index.js';
import { cpuMs } from '../../../support/cpu-time.js';
import { sweep } from '../../../support/sweep.js';

const firesOf = (options: Parameters<typeof calendarInterval>[0], after: string, count: number) => {
  const trigger = compileTrigger(calendarInterval(options));
  const fires: string[] = [];
  for (let fire = trigger.next(new Date(after)); fire && fires.length < count; fire = trigger.next(fire)) {
    fires.push(fire.toISOString().slice(0, 16));
  }
  return fires;
};

describe('calendarInterval', () => {
  it('is frozen data with just the fields that were given', () => {
    const trigger = calendarInterval({ months: 1, hour: 9, days: undefined, startDate: '2026-01-31' });
    expect(trigger).toStrictEqual({ type: 'calendarInterval', months: 1, hour: 9, startDate: '2026-01-31' });
    expect(Object.isFrozen(trigger)).toBe(true);
  });

  it('skips a month that lacks the day, and never drifts', () => {
    expect(firesOf({ months: 1, startDate: '2026-01-31' }, '2026-01-01T00:00Z', 4)).toEqual([
      '2026-01-31T00:00',
      '2026-03-31T00:00',
      '2026-05-31T00:00',
      '2026-07-31T00:00',
    ]);
    expect(firesOf({ years: 1, startDate: '2024-02-29', hour: 7 }, '2024-03-01T00:00Z', 2)).toEqual([
      '2028-02-29T07:00',
      '2032-02-29T07:00',
    ]);
  });

  it('shifts a time out of a gap, takes the first pass of a fold, ends with endDate', () => {
    const options = { days: 1, hour: 2, minute: 30, timezone: 'Europe/Berlin' };
    expect(firesOf({ ...options, startDate: '2026-03-28', endDate: '2026-03-30' }, '2026-01-01T00:00Z', 9)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
    expect(firesOf({ ...options, startDate: '2026-10-25', endDate: '2026-10-26' }, '2026-01-01T00:00Z', 9)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('without startDate begins on the day of adding, in its zone', () => {
    const compiled = (now: string) =>
      compileTrigger(calendarInterval({ weeks: 1, hour: 9 }), { timezone: 'Asia/Tokyo', now: new Date(now) });
    expect(compiled('2026-01-01T16:00Z').next(new Date('2026-01-01T16:00Z'))).toEqual(new Date('2026-01-02T00:00Z'));
    expect(compiled('2026-01-02T00:00Z').next(new Date('2026-01-02T00:00Z'))).toEqual(new Date('2026-01-09T00:00Z'));
  });

  it('with mixed steps fires k steps after the start, months first, by the arithmetic of Date', () => {
    const steps = fc.record({
      years: fc.integer({ min: 0, max: 2 }),
      months: fc.integer({ min: 0, max: 14 }),
      weeks: fc.integer({ min: 0, max: 3 }),
      days: fc.integer({ min: 0, max: 40 }),
    });
    const starts = fc.tuple(fc.integer({ min: 1970, max: 2040 }), fc.integer({ min: 0, max: 364 }));
    fc.assert(
      fc.property(steps, starts, (step, [year, day]) => {
        fc.pre(step.years + step.months + step.weeks + step.days > 0);
        const start = new Date(Date.UTC(year, 0, 1 + day));
        const expected: number[] = [];
        for (let k = 0; k < 60; k++) {
          const months = start.getUTCMonth() + (step.years * 12 + step.months) * k;
          const date = new Date(Date.UTC(year, months, start.getUTCDate(), 6, 7, 8));
          // Date continues into the next month where a month lacks the day.
          if (date.getUTCDate() !== start.getUTCDate()) continue;
          expected.push(date.setUTCDate(date.getUTCDate() + (step.weeks * 7 + step.days) * k));
        }
        const { nextMs } = compileTrigger(
          calendarInterval({ ...step, hour: 6, minute: 7, second: 8, startDate: start.toISOString().slice(0, 10) }),
        );
        let from = Date.UTC(1960, 0, 1);
        for (const fire of expected) {
          for (const asked of [from, fire - 86_400_000, fire - 1]) {
            if (asked >= from) expect(nextMs(asked)).toBe(fire);
          }
          from = fire;
        }
      }),
      { numRuns: sweep(20, 300) },
    );
  });

  it('is as fast far from its start as near to it', () => {
    const trigger = compileTrigger(calendarInterval({ months: 1, days: 1, startDate: '0001-01-31' }));
    const took = cpuMs(() => {
      for (let year = 1_000; year < 9_900; year += 10) {
        const after = Date.UTC(year, 0, 1);
        if ((trigger.nextMs(after) ?? 0) <= after) expect.fail(`nothing after ${after}`);
      }
    });
    expect(took).toBeLessThan(500);
    expect(trigger.nextMs(Date.UTC(9999, 11, 31))).toBeNull();
  });

  const step = 'the step is empty; give at least one of years, months, weeks, days';
  it.each([
    [{}, `calendarInterval: ${step}`],
    [{ days: 0, hour: 9 }, `calendarInterval: ${step}`],
    [{ days: -1 }, 'calendarInterval: days -1 is not a whole number of 0 to 100,000'],
    [{ months: 1.5 }, 'calendarInterval: months 1.5 is not a whole number of 0 to 100,000'],
    [{ days: 1, hour: 24 }, 'calendarInterval: hour 24 is outside 0–23'],
    [{ days: 1, second: '5' }, 'calendarInterval: second "5" is outside 0–59'],
    [
      { days: 1, startDate: '2026-02-30' },
      'calendarInterval: startDate "2026-02-30" is not a date: give a string such as "2026-03-29"',
    ],
    [
      { days: 1, endDate: new Date(0) },
      'calendarInterval: endDate Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time) is not a date: give a string such as "2026-03-29"',
    ],
    [
      { days: 1, startAt: 'x' },
      'calendarInterval: unknown field "startAt"; allowed are type, years, months, weeks, days, hour, minute, second, startDate, endDate, timezone, v; write startDate in place of startAt',
    ],
  ])('refuses %j', (options, message) => {
    const make = () => calendarInterval(options as never);
    if (!message.includes('GMT'))
      return expect(make).toThrow(expect.objectContaining({ code: 'INVALID_TRIGGER', message }));
    return expect(make).toThrow('is not a date: give a string such as "2026-03-29"');
  });

  it('refuses a zone that does not exist', () => {
    expect(() => compileTrigger(calendarInterval({ days: 1, timezone: 'Mars/X' }))).toThrow(
      'calendarInterval: time zone "Mars/X" is not in this runtime',
    );
  });
});
