import { and, calendarInterval, cron, date, interval, or, type Trigger } from '@carillon/core';
import { expect, it } from 'vitest';
import { whyNot } from '../../../../packages/core/src/trigger/why-not.js';

const NOW = new Date('2026-01-01T00:00:00Z');

function why(trigger: Trigger, instant: string, jobId = 'j') {
  return whyNot(trigger, { jobId, now: NOW }, Date.parse(instant));
}

it('names the first field that does not match', () => {
  const berlin = { timezone: 'Europe/Berlin' };
  const cases: [Trigger, string, string][] = [
    [cron('0 8 * * *'), '2026-03-02T09:00:00Z', 'hour is 9, the job says 8'],
    [cron('0 8 * * *', berlin), '2026-03-02T08:00:00Z', 'hour is 9, the job says 8'],
    [cron('30 8 * * 1-5'), '2026-03-07T08:30:00Z', 'day of the week is Saturday, the job says 1-5'],
    [cron('30 8 1 * *'), '2026-03-02T08:30:00Z', 'day of the month is 2, the job says 1'],
    [
      cron('30 8 13 * 5'),
      '2026-03-02T08:30:00Z',
      'day of the month is 2, a Monday, the job says 13 or day of the week 5',
    ],
    [cron('30 8 * 4 *'), '2026-03-02T08:30:00Z', 'month is 3, the job says 4'],
    [cron('30 8 * * *'), '2026-03-02T08:31:00Z', 'minute is 31, the job says 30'],
    [cron('30 8 * * *'), '2026-03-02T08:30:07Z', 'second is 7, the job says 0'],
    [cron('30 8 * * *'), '2026-03-02T08:30:00.005Z', 'millisecond is 5, the job says 0'],
    [cron('@daily'), '2026-03-02T08:30:00Z', 'hour is 8, the job says 0'],
    [cron({ year: 2027, hour: 8 }), '2026-03-02T08:00:00Z', 'year is 2026, the job says 2027'],
    [cron({ day: 'last fri', hour: 8 }), '2026-03-20T08:00:00Z', 'day of the month is 20, the job says last fri'],
    [
      cron({ dayOfWeek: '0-4', hour: 8 }),
      '2026-03-07T08:00:00Z',
      'day of the week is Saturday, the job says 0-4 (0 = Monday)',
    ],
    [cron({ week: 11, dayOfWeek: '*', hour: 8 }), '2026-03-02T08:00:00Z', 'ISO week is 10, the job says 11'],
    [cron({ hour: 8 }), '2026-03-02T08:30:00Z', 'minute is 30, the job says 0'],
    [
      cron('0 8 * * *', { endAt: '2026-02-01T00:00:00Z' }),
      '2026-03-02T08:00:00Z',
      'the instant is 2026-03-02T08:00:00.000Z, the job says until 2026-02-01T00:00:00.000Z',
    ],
    [
      date('2026-03-02T08:00:00Z'),
      '2026-03-02T09:00:00Z',
      'the instant is 2026-03-02T09:00:00.000Z, the job says 2026-03-02T08:00:00.000Z',
    ],
    [
      interval('5m'),
      '2026-03-02T08:02:10Z',
      'it fires every 5m from 2026-01-01T00:05:00.000Z on, and the instant is 130s after one of these fire times',
    ],
    [interval('5m'), '2026-01-01T00:00:00Z', 'its first fire time is 2026-01-01T00:05:00.000Z'],
    [
      interval({ minutes: 5, startAt: '2026-03-02T00:00:00Z' }),
      '2026-03-01T00:00:00Z',
      'the instant is 2026-03-01T00:00:00.000Z, the job says from 2026-03-02T00:00:00.000Z on',
    ],
    [
      calendarInterval({ weeks: 2, hour: 8, startDate: '2026-03-02' }),
      '2026-03-09T08:00:00Z',
      '2026-03-09 is not one of the days of calendarInterval[every 2 weeks, at 08:00, from 2026-03-02]',
    ],
    [
      calendarInterval({ days: 1, hour: 8, startDate: '2026-03-02' }),
      '2026-03-09T09:00:00Z',
      'hour is 9, the job says 8',
    ],
    [
      calendarInterval({ days: 1, startDate: '2026-03-02' }),
      '2026-03-01T00:00:00Z',
      'the day is 2026-03-01, the job says from 2026-03-02 on',
    ],
    [
      calendarInterval({ days: 1, startDate: '2026-03-02', endDate: '2026-03-05' }),
      '2026-03-06T00:00:00Z',
      'the day is 2026-03-06, the job says until 2026-03-05',
    ],
    [
      and(cron('0 8 * * *'), cron('* * * * 1')),
      '2026-03-03T08:00:00Z',
      'not all of its triggers name it (cron[* * * * 1]: day of the week is Tuesday, the job says 1)',
    ],
    [
      or(cron('0 8 * * *'), cron('0 9 * * *')),
      '2026-03-03T10:00:00Z',
      'none of its triggers names it (cron[0 8 * * *]: hour is 10, the job says 8; cron[0 9 * * *]: hour is 10, the job says 9)',
    ],
  ];
  for (const [trigger, instant, text] of cases) expect(why(trigger, instant)?.text).toBe(text);
  expect(why(cron('0 H * * *'), '2026-03-03T23:59:00Z')?.says).toMatch(/^H, which is \d+$/);
  expect(why(cron('0 8 * * *'), '2026-03-02T08:00:00Z')).toBeNull();
});

it('names the change of a clock that decides', () => {
  const nightly = cron('30 2 * * *', { timezone: 'Europe/Berlin' });
  // 02:30 on the old clock is 03:30 on the new one. The fire time moves there, so that instant is named.
  expect(why(nightly, '2026-03-29T02:30:00+01:00')).toBeNull();
  expect(why(nightly, '2026-03-29T02:30:00+02:00')).toMatchObject({
    field: 'clock',
    clockChange: { kind: 'shifted', wallClock: '2026-03-29 02:30', firesAt: Date.parse('2026-03-29T01:30:00Z') },
  });
  expect(why(nightly, '2026-10-25T02:30:00+02:00')).toBeNull();
  expect(why(nightly, '2026-10-25T02:30:00+01:00')).toMatchObject({
    text: 'the clock of Europe/Berlin showed 2026-10-25 02:30 twice: it fires at the other time',
    clockChange: { kind: 'folded', firesAt: Date.parse('2026-10-25T00:30:00Z') },
  });
  const strict = cron('30 2 * * *', { timezone: 'Europe/Berlin', dst: { gap: 'skip', fold: 'second' } });
  for (const instant of ['2026-03-29T02:30:00+01:00', '2026-03-29T02:30:00+02:00']) {
    expect(why(strict, instant)).toMatchObject({ clockChange: { kind: 'skipped', firesAt: null } });
  }
  expect(why(strict, '2026-10-25T02:30:00+02:00')).toMatchObject({ clockChange: { kind: 'folded' } });
  expect(why(nightly, '2026-03-29T04:30:00+02:00')?.text).toBe('hour is 4, the job says 2');
  expect(why(cron('*/30 * * * *', { timezone: 'Europe/Berlin' }), '2026-03-29T02:40:00+01:00')?.field).toBe('minute');
});
