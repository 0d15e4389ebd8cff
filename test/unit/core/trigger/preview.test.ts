import { InvalidOptionsError } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import {
  and,
  calendarInterval,
  cron,
  interval,
  or,
  preview,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';

const after = new Date('2026-01-01T00:00Z');
const newYork = { timezone: 'America/New_York' };
const skipBoth = { gap: 'skip', fold: 'both' } as const;

const reported = (trigger: Trigger, from = after) =>
  preview(trigger, { after: from, count: 0 }).warnings.map(({ kind, wallClock, fireTimes }) => [
    kind,
    wallClock.first,
    ...fireTimes.map((fire) => fire.toISOString().slice(0, 16)),
  ]);

describe('preview', () => {
  it('names the next fire times, no more than there are', () => {
    expect(preview(cron('0 9 * * *', newYork), { after, count: 2 }).fireTimes).toEqual([
      new Date('2026-01-01T14:00Z'),
      new Date('2026-01-02T14:00Z'),
    ]);
    expect(preview(cron('@daily', { endAt: '2026-01-03T00:00Z' }), { after }).fireTimes).toHaveLength(2);
    expect(preview(cron('@daily'), { after }).fireTimes).toHaveLength(10);
    expect(preview(interval('1h'), { after, count: 1 }).fireTimes).toEqual([new Date('2026-01-01T01:00Z')]);
  });

  it('takes zone, job id and anchor', () => {
    const options = { after, count: 1, timezone: 'Asia/Tokyo', jobId: 'a', now: new Date('2026-01-01T00:30Z') };
    expect(preview(cron('0 12 * * *'), options).fireTimes).toEqual([new Date('2026-01-01T03:00Z')]);
    expect(preview(interval('1h'), options).fireTimes).toEqual([new Date('2026-01-01T01:30Z')]);
  });

  it('names a zone as it is spelt in the trigger, whatever was compiled before', () => {
    for (const timezone of ['europe/berlin', 'Europe/Berlin', 'EUROPE/BERLIN']) {
      const [warning] = preview(cron('30 2 * * *', { timezone }), { after, count: 0 }).warnings;
      expect(warning).toMatchObject({ timezone, message: expect.stringContaining(` in ${timezone}`) });
    }
  });

  it('reports a fire time that a gap shifts', () => {
    const { warnings } = preview(cron('30 2 * * *', newYork), { after, count: 0 });
    expect(warnings).toEqual([
      {
        kind: 'shifted',
        changeAt: new Date('2026-03-08T07:00Z'),
        timezone: 'America/New_York',
        wallClock: { first: '2026-03-08T02:30:00', last: '2026-03-08T02:30:00' },
        count: 1,
        fireTimes: [new Date('2026-03-08T07:30Z')],
        message: '2026-03-08 02:30 does not exist in America/New_York: it fires 1 h later, at 2026-03-08 03:30',
      },
    ]);
  });

  it('reports fire times that a gap drops and a fold doubles', () => {
    const { warnings } = preview(cron('*/20 1,2 * * *', { ...newYork, dst: skipBoth }), { after, count: 0 });
    expect(warnings.map(({ message, count }) => [message, count])).toEqual([
      ['2026-03-08 02:00 to 2026-03-08 02:40 (3 times) do not exist in America/New_York: they do not fire', 3],
      ['2026-11-01 01:00 to 2026-11-01 01:40 (3 times) come twice in America/New_York: they fire twice', 3],
    ]);
    expect(warnings[1]?.fireTimes).toEqual([new Date('2026-11-01T05:00Z'), new Date('2026-11-01T06:00Z')]);
  });

  it('reports a date that is gone for a year', () => {
    expect(reported(cron('30 2 8 3 *', { ...newYork, dst: skipBoth }))).toEqual([['dropped', '2026-03-08T02:30:00']]);
    expect(reported(cron('0 9 30 12 *', { timezone: 'Pacific/Apia' }), new Date('2011-06-01T00:00Z'))).toEqual([
      ['shifted', '2011-12-30T09:00:00', '2011-12-30T19:00'],
    ]);
  });

  it('has nothing to report where no fire is moved, lost or added', () => {
    expect(reported(cron('*/5 * * * *', newYork))).toEqual([]);
    expect(reported(cron('30 3 * * *', newYork))).toEqual([]);
    expect(reported(cron('30 1 * * *', newYork))).toEqual([]);
    expect(reported(cron('30 2 * * *', { timezone: 'Asia/Tokyo' }))).toEqual([]);
    expect(reported(interval('1h'))).toEqual([]);
    expect(reported(cron('30 2 * * *', { ...newYork, endAt: '2026-03-01T00:00Z' }))).toEqual([]);
    expect(reported(cron('30 2 * * *', { ...newYork, dst: skipBoth, startAt: '2026-03-09T00:00Z' }))).toEqual([]);
  });

  it('looks into calendar intervals and nests, and reports what concerns the whole', () => {
    const shifted = [['shifted', '2026-03-08T02:30:00', '2026-03-08T07:30']];
    const daily = calendarInterval({ days: 1, hour: 2, minute: 30, startDate: '2026-01-01', ...newYork });
    expect(reported(daily)).toEqual(shifted);
    expect(reported(or(cron('30 2 * * *', newYork), daily, interval('1h')))).toEqual(shifted);
    expect(reported(and(daily, cron('30 * * * 0', newYork)))).toEqual(shifted);
    expect(reported(and(daily, cron('30 * * * 1', newYork)))).toEqual([]);
  });

  it('refuses a wrong count', () => {
    expect(() => preview(cron('@daily'), { count: -1 })).toThrow(InvalidOptionsError);
    expect(() => preview(cron('@daily'), { count: 1e9 })).toThrow(
      'count 1000000000 is not a whole number of 0 to 10000',
    );
  });
});
