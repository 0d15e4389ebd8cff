import { InvalidOptionsError } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { compileTrigger, cron } from '../../../../packages/core/src/trigger/index.js';
import { leastCpuMs } from '../../../support/cpu-time.js';

const firesOf = (expression: string, after: string, count: number, jobId?: string) => {
  const trigger = compileTrigger(cron(expression), { jobId });
  const fires: string[] = [];
  for (let fire = trigger.next(new Date(after)); fire && fires.length < count; fire = trigger.next(fire)) {
    fires.push(fire.toISOString().replace(/:00\.000Z$/, ''));
  }
  return fires;
};

describe('cron', () => {
  it('is frozen data with just the fields that were given', () => {
    const trigger = cron('0 9 * * 1-5', {
      timezone: 'Europe/Berlin',
      startAt: new Date(0),
      endAt: undefined,
      jitter: 500,
      dst: { gap: 'skip', fold: 'both' },
    });
    expect(trigger).toStrictEqual({
      type: 'cron',
      expression: '0 9 * * 1-5',
      timezone: 'Europe/Berlin',
      startAt: '1970-01-01T00:00:00.000Z',
      jitter: 500,
      dst: { gap: 'skip', fold: 'both' },
    });
    expect(Object.isFrozen(trigger) && Object.isFrozen(trigger.dst)).toBe(true);
    expect(cron('@daily')).toStrictEqual({ type: 'cron', expression: '@daily' });
  });

  it.each([
    ['*/20 * * * *', ['2026-01-01T00:20', '2026-01-01T00:40', '2026-01-01T01:00']],
    ['5/25 3 * * *', ['2026-01-01T03:05', '2026-01-01T03:30', '2026-01-01T03:55']],
    ['30 */20 0 1 1 *', ['2026-01-01T00:00:30.000Z', '2026-01-01T00:20:30.000Z', '2026-01-01T00:40:30.000Z']],
    ['0 0 L * *', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 15,L * *', ['2026-01-15T00:00', '2026-01-31T00:00', '2026-02-15T00:00']],
    ['0 0 * * 5L', ['2026-01-30T00:00', '2026-02-27T00:00', '2026-03-27T00:00']],
    ['0 0 * * FRIL', ['2026-01-30T00:00', '2026-02-27T00:00', '2026-03-27T00:00']],
    ['0 0 * * 1#2', ['2026-01-12T00:00', '2026-02-09T00:00', '2026-03-09T00:00']],
    ['0 0 * * mon#5', ['2026-03-30T00:00', '2026-06-29T00:00', '2026-08-31T00:00']],
    ['0 0 ? * SUN', ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00']],
    ['0 0 * * 7', ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00']],
    ['0 0 * * 0,7', ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00']],
    ['0 0 * * MON-SUN', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['0 0 * * FRI-MON', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['0 0 * * SAT-SUN', ['2026-01-03T00:00', '2026-01-04T00:00', '2026-01-10T00:00']],
    ['0 0 * * 5-7', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['0 0 * * 6-1', ['2026-01-03T00:00', '2026-01-04T00:00', '2026-01-05T00:00']],
    ['0 0 * * FRI-MON/2', ['2026-01-02T00:00', '2026-01-04T00:00', '2026-01-09T00:00']],
    ['0 0 1W * *', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-01T00:00']],
    ['0 0 LW * *', ['2026-01-30T00:00', '2026-02-27T00:00', '2026-03-31T00:00']],
    ['0 0 L-2 * *', ['2026-01-29T00:00', '2026-02-26T00:00', '2026-03-29T00:00']],
    ['0 0 15w,L-2 * *', ['2026-01-15T00:00', '2026-01-29T00:00', '2026-02-16T00:00']],
    ['0 0 15W * 6', ['2026-01-03T00:00', '2026-01-10T00:00', '2026-01-15T00:00']],
    ['0 0 * * 1#2,3#1,5L', ['2026-01-07T00:00', '2026-01-12T00:00', '2026-01-30T00:00']],
    ['0 0 * * 6-7', ['2026-01-03T00:00', '2026-01-04T00:00', '2026-01-10T00:00']],
    ['0,15,*/30 4 * * *', ['2026-01-01T04:00', '2026-01-01T04:15', '2026-01-01T04:30']],
    ['0 0 1 JAN-MAR *', ['2026-02-01T00:00', '2026-03-01T00:00', '2027-01-01T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['0 0 30,29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['0 0 31 * *', ['2026-01-31T00:00', '2026-03-31T00:00', '2026-05-31T00:00']],
    ['0 0 13 * 5', ['2026-01-02T00:00', '2026-01-09T00:00', '2026-01-13T00:00']],
    ['0 0 31 2 1', ['2026-02-02T00:00', '2026-02-09T00:00', '2026-02-16T00:00']],
    ['0 0 */20 * 5', ['2026-01-02T00:00', '2026-01-09T00:00', '2026-01-16T00:00']],
    ['0 0 */1 * 5', ['2026-01-02T00:00', '2026-01-09T00:00', '2026-01-16T00:00']],
    ['0 0 10 * *', ['2026-01-10T00:00', '2026-02-10T00:00', '2026-03-10T00:00']],
    ['  0   0 1  1 *', ['2027-01-01T00:00', '2028-01-01T00:00', '2029-01-01T00:00']],
    ['@yearly', ['2027-01-01T00:00', '2028-01-01T00:00', '2029-01-01T00:00']],
    ['@monthly', ['2026-02-01T00:00', '2026-03-01T00:00', '2026-04-01T00:00']],
    ['@weekly', ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00']],
    ['@daily', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['@midnight', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['@hourly', ['2026-01-01T01:00', '2026-01-01T02:00', '2026-01-01T03:00']],
  ])('%s', (expression, expected) => {
    expect(firesOf(expression, '2026-01-01T00:00Z', 3)).toEqual(expected);
  });

  it('spreads H by the job id, always alike for one id', () => {
    const minutesOf = (jobId?: string) =>
      firesOf('H/15 * * * *', '2026-01-01T00:00Z', 5, jobId).map((fire) => fire.slice(14));
    expect(minutesOf('a')).toEqual(minutesOf('a'));
    expect(minutesOf()).toEqual(minutesOf(undefined));
    expect(minutesOf('')).toEqual(minutesOf());
    const first = Array.from(
      { length: 40 },
      (_, index) => firesOf('H H * * *', '2026-01-01T00:00Z', 1, `job-${index}`)[0],
    );
    expect(new Set(first).size).toBeGreaterThan(30);
  });

  it('keeps the value of H on every day, within its range and step', () => {
    for (let index = 0; index < 40; index++) {
      const { nextMs } = compileTrigger(cron('H H/20 H(9-12) * * *'), { jobId: `job-${index}` });
      const { nextMs: again } = compileTrigger(cron('H H/20 H(9-12) * * *'), { jobId: `job-${index}` });
      const days = new Map<string, string[]>();
      for (let fire = nextMs(0), count = 0; fire !== null && count < 30; fire = nextMs(fire), count++) {
        expect(again(fire - 1)).toBe(fire);
        const [day = '', time = ''] = new Date(fire).toISOString().split('T');
        days.set(day, [...(days.get(day) ?? []), time]);
      }
      const [first = [], ...others] = days.values();
      expect(first).toHaveLength(3);
      expect(others.every((times) => times.join() === first.join())).toBe(true);
      const [minute = 0, ...more] = first.map((time) => Number(time.slice(3, 5)));
      expect(more).toEqual([minute + 20, minute + 40]);
      expect(['09', '10', '11', '12']).toContain(first[0]?.slice(0, 2));
    }
  });

  it('picks with H a day that every month has', () => {
    for (let index = 0; index < 50; index++) {
      const months = firesOf('0 0 H * *', '2025-12-31T12:00Z', 12, `job-${index}`).map((fire) => fire.slice(0, 7));
      expect([months.at(0), months.at(-1)]).toEqual(['2026-01', '2026-12']);
    }
  });

  it('takes its own zone, else the scheduler’s, else UTC', () => {
    const next = (timezone?: string, own?: string) =>
      compileTrigger(cron('0 12 * * *', { timezone: own }), { timezone }).next(new Date('2026-01-01T00:00Z'));
    expect(next()).toEqual(new Date('2026-01-01T12:00Z'));
    expect(next('Asia/Tokyo')).toEqual(new Date('2026-01-01T03:00Z'));
    expect(next('Asia/Tokyo', 'america/new_york')).toEqual(new Date('2026-01-01T17:00Z'));
  });

  it('begins at startAt and ends at endAt, both inclusive', () => {
    const trigger = compileTrigger(cron('0 * * * *', { startAt: '2026-01-01T05:00Z', endAt: '2026-01-01T06:00Z' }));
    expect(trigger.next(new Date(0))).toEqual(new Date('2026-01-01T05:00Z'));
    expect(trigger.next(new Date('2026-01-01T05:00Z'))).toEqual(new Date('2026-01-01T06:00Z'));
    expect(trigger.next(new Date('2026-01-01T06:00Z'))).toBeNull();
  });

  it('stays within the years 1 to 9999, from whatever instant it is asked', () => {
    const trigger = compileTrigger(cron('0 0 1 1 *', { timezone: 'Europe/Berlin' }));
    expect(trigger.next(new Date('9998-12-31T22:59:59Z'))).toEqual(new Date('9998-12-31T23:00:00Z'));
    expect(trigger.next(new Date('9998-12-31T23:00:00Z'))).toEqual(new Date('9999-12-31T23:00:00Z'));
    expect(trigger.next(new Date('9999-12-31T23:00:00Z'))).toBeNull();
    expect(trigger.next(new Date(8.64e15))).toBeNull();
    expect(trigger.nextMs(Number.NaN)).toBeNull();
    expect(trigger.nextMs(Number.NEGATIVE_INFINITY)).toBe(trigger.nextMs(-8.64e15));
    expect(trigger.next(new Date(-8.64e15))?.getUTCFullYear()).toBeLessThan(3);
    expect(() => trigger.next(new Date(Number.NaN))).toThrow(
      new InvalidOptionsError('next: after Invalid Date is not a valid Date'),
    );
  });

  it('skips the years of a date that is years away in no time', () => {
    const trigger = compileTrigger(cron('0 0 29 2 1#5', { timezone: 'Europe/Berlin', startAt: '2026-01-01T00:00Z' }));
    expect(trigger.next(new Date('2096-03-01T00:00Z'))).toEqual(new Date('2104-02-28T23:00Z'));
    const leapMonday = compileTrigger(cron('0 0 * 2 1#5', { timezone: 'Europe/Berlin' }));
    const took = leastCpuMs(10, 50, () => {
      expect(leapMonday.next(new Date('2072-03-01T00:00Z'))).toEqual(new Date('2112-02-28T23:00Z'));
    });
    expect(took).toBeLessThan(50);
  });
});

describe('cron refuses', () => {
  const days = '; give 5 (minute, hour, day-of-month, month, day-of-week), or 6 with the second before them';
  const zone = '; give the zone as an option, such as cron("0 9 * * *", { timezone: "Europe/Berlin" })';
  const forms = '"*", ranges "a-b", steps "*/n", lists "a,b" and "H"';
  const monthDays =
    ', "L" (the last day), "L-2" (two days before it), "15W" (the weekday nearest the 15th), "LW" (the last weekday)';
  const weekdays = ', SUN–SAT, "5L" (the last Friday), "1#2" (the second Monday)';

  it.each([
    ['', `cron: expression "" has 0 fields${days}`],
    ['*', `cron: expression "*" has 1 field${days}`],
    ['* * * *', `cron: expression "* * * *" has 4 fields${days}`],
    [
      '0 0 1 1 * * 2027',
      `cron: expression "0 0 1 1 * * 2027" has 7 fields${days}; a year is for the field form, such as cron({ year: 2027, month: 1, day: 1 })`,
    ],
    ['TZ=Europe/Berlin 0 9 * * *', `cron: "TZ=Europe/Berlin" is not a field${zone}`],
    ['CRON_TZ=UTC 0 0 9 * * *', `cron: expression "CRON_TZ=UTC 0 0 9 * * *" has 7 fields${days}${zone}`],
    ['TZ=UTC @daily', `cron: expression "TZ=UTC @daily" has 2 fields${days}${zone}`],
    ['cron(0 12 * * ? *)', 'cron: "cron(0" is not a field; leave out "cron(" and ")", and a last field for the year'],
    [
      'rate(5 minutes)',
      `cron: expression "rate(5 minutes)" has 2 fields${days}; for a rhythm in real time, give an interval, such as interval("5m")`,
    ],
    ['60 * * * *', 'cron: minute "60" is outside 0–59'],
    ['* 25 * * *', 'cron: hour "25" is outside 0–23'],
    ['* 20-24/2 * * *', 'cron: hour "20-24/2" is outside 0–23'],
    ['* 1,24 * * *', 'cron: hour "24" is outside 0–23'],
    ['60 * * * * *', 'cron: second "60" is outside 0–59'],
    ['* * 0 * *', 'cron: day-of-month "0" is outside 1–31'],
    ['* * 32 * *', 'cron: day-of-month "32" is outside 1–31'],
    ['* * * 13 *', 'cron: month "13" is outside 1–12'],
    ['* * * * 8', 'cron: day-of-week "8" is outside 0–7'],
    ['* 22-6 * * *', 'cron: hour "22-6" runs backwards; write "22-23,0-6"'],
    ['a * * * *', `cron: minute "a" cannot be read; allowed are 0–59, ${forms}`],
    ['*/0 * * * *', 'cron: minute "*/0" has a step of 0; allowed are 1–59, as it names 0–59'],
    ['*/90 * * * *', 'cron: minute "*/90" has a step of 90; allowed are 1–59, as it names 0–59'],
    ['*/61 * * * *', 'cron: minute "*/61" has a step of 61; allowed are 1–59, as it names 0–59'],
    ['5/70 * * * *', 'cron: minute "5/70" has a step of 70; allowed are 1–54, as it names 5–59'],
    ['* */24 * * *', 'cron: hour "*/24" has a step of 24; allowed are 1–23, as it names 0–23'],
    ['* 22-6/2 * * *', 'cron: hour "22-6/2" runs backwards; write "22,0,2,4,6"'],
    ['* * * NOV-FEB *', 'cron: month "NOV-FEB" runs backwards; write "11-12,1-2"'],
    ['0 ? * * *', 'cron: hour "?": "?" stands alone, for day-of-month or day-of-week only; write "*"'],
    [
      '0 12 * * ? *',
      'cron: month "?": "?" stands alone, for day-of-month or day-of-week only; of 6 fields, the first is the second: where the sixth is meant for a year, as in AWS, leave it out, or give fields with a year',
    ],
    ['0 0 1,? * *', 'cron: day-of-month "1,?": "?" stands alone, for day-of-month or day-of-week only; write "*"'],
    ['0 0 32W * *', `cron: day-of-month "32W" cannot be read; allowed are 1–31${monthDays}, ${forms}`],
    ['1.5 * * * *', `cron: minute "1.5" cannot be read; allowed are 0–59, ${forms}`],
    ['5,,6 * * * *', `cron: minute "5,,6" cannot be read; allowed are 0–59, ${forms}`],
    ['* * W * *', `cron: day-of-month "W" cannot be read; allowed are 1–31${monthDays}, ${forms}`],
    ['* * L-31 * *', `cron: day-of-month "L-31" cannot be read; allowed are 1–31${monthDays}, ${forms}`],
    ['* * * foo *', `cron: month "foo" cannot be read; allowed are 1–12, JAN–DEC, ${forms}`],
    ['* * * * L', `cron: day-of-week "L" cannot be read; allowed are 0–7${weekdays}, ${forms}`],
    ['* * * * 1#6', `cron: day-of-week "1#6" cannot be read; allowed are 0–7${weekdays}, ${forms}`],
    [
      '@reboot',
      'cron: expression "@reboot" is not a nickname; allowed are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @minutely, @secondly, @weekdays, @weekends; a trigger names times: what is to run as a program starts, that program enqueues',
    ],
    [
      '@constructor',
      'cron: expression "@constructor" is not a nickname; allowed are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @minutely, @secondly, @weekdays, @weekends',
    ],
    [
      '0 0 31 2 *',
      'cron: expression "0 0 31 2 *" never fires: its months have no such day; change day-of-month or month',
    ],
    [
      '0 0 31 4,6 *',
      'cron: expression "0 0 31 4,6 *" never fires: its months have no such day; change day-of-month or month',
    ],
  ])('the expression %j', (expression, message) => {
    expect(() => compileTrigger(cron(expression))).toThrow(
      expect.objectContaining({ code: 'INVALID_TRIGGER', message }),
    );
  });

  it.each(['Mars/X', '+02:00', '', 'Europe/Berlin '])('the zone %j', (timezone) => {
    const message = `cron: time zone ${JSON.stringify(timezone)} is not in this runtime's tz database; use an IANA name such as "Europe/Berlin"`;
    expect(() => compileTrigger(cron('@daily', { timezone }))).toThrow(expect.objectContaining({ message }));
    expect(() => compileTrigger(cron('@daily'), { timezone })).toThrow(expect.objectContaining({ message }));
  });

  it('an impossible date at once', () => {
    const took = leastCpuMs(20, 10, () => {
      expect(() => compileTrigger(cron('0 0 31 2 *'))).toThrow();
    });
    expect(took).toBeLessThan(10);
  });
});

it.each([
  [
    { gap: 'skip' },
    'cron: dst.fold undefined is missing: dst has both, gap and fold; allowed are "first", "second", "both"',
  ],
  [{ fold: 'both' }, 'cron: dst.gap undefined is missing: dst has both, gap and fold; allowed are "shift", "skip"'],
  [{ gap: 'skip', fold: 'last' }, 'cron: dst.fold "last" is not one of "first", "second", "both"'],
])('the half %o of dst is refused', (dst, message) => {
  expect(() => compileTrigger(cron('0 9 * * *', { dst: dst as never }))).toThrow(message);
});
