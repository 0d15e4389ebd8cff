import { describe, expect, it } from 'vitest';
import {
  calendarInterval,
  compileTrigger,
  cron,
  date,
  interval,
  type Trigger,
} from '../../../packages/core/src/index.js';
import { meantNames, nearName } from '../../../packages/core/src/near-name.js';
import { checkNames } from '../../../packages/core/src/scheduler/options.js';

describe('the name that was meant', () => {
  const FIELDS = ['year', 'month', 'day', 'week', 'dayOfWeek', 'hour', 'minute', 'second'];

  it.each([
    ['day_of_week', 'dayOfWeek'],
    ['Day-Of-Week', 'dayOfWeek'],
    ['dayofweek', 'dayOfWeek'],
    ['weekday', 'dayOfWeek'],
    ['minutes', 'minute'],
    ['minuet', 'minute'],
    ['secnd', 'second'],
    ['seecond', 'second'],
    ['mouth', 'month'],
    ['days', 'day'],
    ['daz', undefined],
    ['colour', undefined],
    ['', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%s: %s', (name, meant) => {
    expect(nearName(name, FIELDS)).toBe(meant);
  });

  it('is not given where two are as near', () => {
    expect(nearName('starts', ['start', 'Start'])).toBeUndefined();
    expect(nearName('fold', ['gold', 'bold'])).toBeUndefined();
  });

  it('is said for each that is clear', () => {
    expect(meantNames(['tz', 'x', 'start_date'], ['timezone', 'startAt'])).toBe(
      '; write timezone in place of tz, startAt in place of start_date',
    );
  });
});

const refusal = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

it.each([
  [() => cron({ day_of_week: 'mon' } as object), 'write dayOfWeek in place of day_of_week'],
  [() => cron('0 9 * * *', { start_date: '2026-01-01T00:00:00Z' } as object), 'write startAt in place of start_date'],
  [() => cron('0 9 * * *', { timeZone: 'Europe/Berlin' } as object), 'write timezone in place of timeZone'],
  [() => interval({ minute: 5 } as object), 'write minutes in place of minute'],
  [
    () => calendarInterval({ month: 1, endAt: '2026-01-01' } as object),
    'write months in place of month, endDate in place of endAt',
  ],
  [
    () => compileTrigger({ type: 'date', run_date: '2026-01-01T00:00:00Z' } as unknown as Trigger),
    'write at in place of run_date',
  ],
  [
    () => compileTrigger({ type: 'calendar_interval', days: 1 } as unknown as Trigger),
    'write calendarInterval in place of calendar_interval',
  ],
  [() => compileTrigger({ type: 'Cron' } as unknown as Trigger), 'write cron in place of Cron'],
  [() => checkNames({ job_stores: [] }, ['redis', 'jobStores'], 'scheduler'), 'write jobStores in place of job_stores'],
])('%s', (call, hint) => {
  expect(refusal(call)).toContain(hint);
});

it('what names no field known is refused for that alone', () => {
  expect(refusal(() => cron({ day_of_week: 'mon' } as object))).not.toContain('names no field');
  expect(refusal(() => cron({}))).toContain('names no field');
  expect(date('2026-01-01T00:00:00Z').type).toBe('date');
});
