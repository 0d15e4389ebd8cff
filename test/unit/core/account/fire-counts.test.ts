import { and, cron, interval } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { countsOf, mayOwe } from '../../../../packages/core/src/account/counts/fire-counts.js';
import { clockChangesIn } from '../../../../packages/core/src/account/counts/zone-clock.js';
import type { Timeline } from '../../../../packages/core/src/account/timeline.js';
import { changed, handMade, ms, outcomes, record } from '../../../support/hand-made-account.js';

const NOW = '2026-02-01T12:00:00Z';
const BORN = '2026-01-01T00:00:00Z';

/** Returns lines `bucket: count code first-last`, with times as HH:MM:SS. */
function reported(timeline: Timeline, from: string, to: string, bucketMs: number, owed: readonly string[] = []) {
  const time = (at: Date) => at.toISOString().slice(11, 19);
  return countsOf(timeline, { from: ms(from), to: ms(to), bucketMs }, owed.map(ms)).map(
    ({ at, counts, estimated }) =>
      `${time(at)}${estimated ? ' estimated' : ''}: ${counts.map(({ code, count, first, last }) => `${count} ${code} ${time(first)}-${time(last)}`).join(', ')}`,
  );
}

function job(trigger: Parameters<typeof record>[0], more: Omit<Parameters<typeof handMade>[0], 'now' | 'job'>) {
  const since = record(trigger, { at: BORN });
  return handMade({ now: NOW, job: { rev: 1, generation: 1, record: since }, ...more });
}

describe('fire times are counted by buckets', () => {
  it('of a job that fires each 2 s: a day of it, and a year, from one stretch', () => {
    const first = ms('2026-01-31T12:00:00Z');
    const timeline = job(interval({ seconds: 2, startAt: BORN }), {
      pending: '2026-02-01T12:00:02Z',
      open: [`x${first}+2000*43201~45`],
    });
    expect(reported(timeline, '2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z', 6 * 3_600_000)).toEqual([
      '00:00:00: 10800 executed 00:00:00-05:59:58',
      '06:00:00: 10800 executed 06:00:00-11:59:58',
      '12:00:00: 1 executed 12:00:00-12:00:00, 10799 will_fire 12:00:02-17:59:58',
      '18:00:00: 10800 will_fire 18:00:00-23:59:58',
    ]);
    const year = countsOf(timeline, { from: first, to: first + 365 * 86_400_000, bucketMs: 86_400_000 }, []);
    expect(year).toHaveLength(365);
    expect(year.flatMap(({ counts }) => counts).reduce((sum, { count }) => sum + count, 0)).toBe(365 * 43_200);
    const minute = countsOf(timeline, { from: ms(NOW) - 30_000, to: ms(NOW) + 30_000, bucketMs: 500 }, []);
    expect(minute).toHaveLength(30);
    expect(minute[0]?.counts[0]).toMatchObject({ code: 'executed', count: 1, settledWithinMs: 45 });
  });

  it('with what failed, was missed or coalesced among them; a range holds what its trigger names', () => {
    const hourly = cron('0 * * * *');
    const timeline = job(hourly, {
      pending: '2026-02-01T13:00:00Z',
      entries: [
        outcomes('2026-02-01T03:00:01Z', `x${ms('2026-02-01T01:00:00Z')}+3600000*2~10`),
        outcomes('2026-02-01T03:00:02Z', `e${ms('2026-02-01T03:00:00Z')}+0*1~1500`),
        outcomes('2026-02-01T07:00:00Z', `m${ms('2026-02-01T04:00:00Z')}-${ms('2026-02-01T06:00:00Z')}`),
        outcomes(
          '2026-02-01T10:00:00Z',
          `o${ms('2026-02-01T07:00:00Z')}-${ms('2026-02-01T09:00:00Z')}>${ms('2026-02-01T10:00:00Z')}`,
        ),
      ],
      open: [`x${ms('2026-02-01T10:00:00Z')}+3600000*2~10`, `X${ms('2026-02-01T10:30:00Z')}+0*1~10`],
    });
    expect(reported(timeline, '2026-02-01T00:00:00Z', '2026-02-01T16:00:00Z', 4 * 3_600_000, [NOW])).toEqual([
      '00:00:00: 2 executed 01:00:00-02:00:00, 1 error 03:00:00-03:00:00',
      '04:00:00: 3 missed 04:00:00-06:00:00, 1 coalesced 07:00:00-07:00:00',
      '08:00:00: 2 coalesced 08:00:00-09:00:00, 3 executed 10:00:00-11:00:00',
      '12:00:00: 1 waiting 12:00:00-12:00:00, 3 will_fire 13:00:00-15:00:00',
    ]);
  });

  it('of a fire that is set by hand, and of one that is overdue; nothing beyond the last of maxRuns', () => {
    const overdue = job(cron('0 * * * *'), { pending: '2026-02-01T09:30:00Z' });
    expect(reported(overdue, '2026-02-01T00:00:00Z', '2026-02-01T15:00:00Z', 15 * 3_600_000)).toEqual([
      '00:00:00: 4 waiting 09:30:00-12:00:00, 2 will_fire 13:00:00-14:00:00',
    ]);
    const limited = handMade({
      now: NOW,
      job: {
        ...{ rev: 1, generation: 1 },
        record: record(cron('0 * * * *'), { at: BORN }, { maxRuns: 800, lastFireTime: ms('2026-02-01T14:00:00Z') }),
      },
      pending: '2026-02-01T13:00:00Z',
    });
    expect(reported(limited, NOW, '2026-02-02T00:00:00Z', 86_400_000)).toEqual([
      '12:00:00: 2 will_fire 13:00:00-14:00:00',
    ]);
  });

  it('of a range of an earlier trigger by that trigger; of one that is not known any more, its first and its last', () => {
    const half = record(cron('30 * * * *'), { at: '2026-02-01T10:10:00Z' });
    const { trigger, since } = record(cron('*/20 * * * *'), { at: BORN });
    const range = outcomes('2026-02-01T10:10:00Z', `m${ms('2026-02-01T09:00:00Z')}-${ms('2026-02-01T10:00:00Z')}`);
    const entries = [range, changed('2026-02-01T10:10:01Z', 1, 1, { what: 'rescheduled', was: { trigger, since } })];
    const period = ['2026-02-01T08:00:00Z', '2026-02-01T11:00:00Z', 3 * 3_600_000] as const;
    const known = handMade({ now: NOW, job: { rev: 2, generation: 2, record: half }, entries });
    expect(reported(known, ...period)).toEqual(['08:00:00: 4 missed 09:00:00-10:00:00']);
    const gone = handMade({ now: NOW, entries: [range] });
    expect(reported(gone, ...period)).toEqual(['08:00:00: 2 missed 09:00:00-10:00:00']);
  });

  it('of triggers that depend on each other by a look at some, and says that it estimates', () => {
    const trigger = and(cron('* * * * * *'), cron('* 9-17 * * *'));
    const timeline = job(trigger, { pending: '2026-02-01T12:01:00Z' });
    const [exact] = countsOf(timeline, { from: ms(NOW), to: ms(NOW) + 3_600_000, bucketMs: 3_600_000 }, []);
    expect([exact?.counts[0]?.count, exact?.estimated]).toEqual([59, false]);
    const many = countsOf(timeline, { from: ms(NOW), to: ms(NOW) + 300 * 86_400_000, bucketMs: 86_400_000 }, []);
    expect(many[3]).toMatchObject({ estimated: true, counts: [{ code: 'will_fire' }] });
  });

  it('asks for owed runs only where one of the last fire times has no outcome', () => {
    const done = `x${ms('2026-02-01T06:00:00Z')}+3600000*`;
    const parts = { pending: '2026-02-01T13:00:00Z' };
    expect(mayOwe(job(cron('0 * * * *'), { ...parts, open: [`${done}7~9`] }), ms('2026-02-01T07:00:00Z'))).toBe(false);
    expect(mayOwe(job(cron('0 * * * *'), { ...parts, open: [`${done}6~9`] }), ms('2026-02-01T07:00:00Z'))).toBe(true);
    expect(mayOwe(handMade({ now: NOW }), 0)).toBe(false);
  });

  it('and the changes of the clock of a zone are named', () => {
    const year = [ms('2026-01-01T00:00:00Z'), ms('2027-01-01T00:00:00Z')] as const;
    expect(clockChangesIn('UTC', ...year)).toEqual([]);
    expect(clockChangesIn('Europe/Berlin', ...year)).toEqual([
      {
        ...{ at: new Date('2026-03-29T01:00:00Z'), timezone: 'Europe/Berlin' },
        ...{ offsetBeforeMs: 3_600_000, offsetAfterMs: 7_200_000 },
      },
      {
        ...{ at: new Date('2026-10-25T01:00:00Z'), timezone: 'Europe/Berlin' },
        ...{ offsetBeforeMs: 7_200_000, offsetAfterMs: 3_600_000 },
      },
    ]);
    expect(clockChangesIn('Europe/Berlin', ms('2026-03-29T01:00:00.001Z'), year[1])).toHaveLength(1);
  });
});
