import { describe, expect, it } from 'vitest';
import {
  and,
  calendarInterval,
  cron,
  date,
  describeTrigger,
  interval,
  or,
  type Trigger,
  triggerText,
} from '../../../../packages/core/src/trigger/index.js';

const WORDS: readonly (readonly [trigger: Trigger, text: string, words: string])[] = [
  [date('2026-01-01T00:00Z'), 'date[2026-01-01T00:00:00.000Z]', 'Once, at 2026-01-01T00:00:00.000Z'],
  [interval('5m'), 'interval[5m]', 'Every 5 minutes'],
  [
    interval({ days: 1, hours: 2, endAt: '2027-01-01T00:00Z', jitter: 500 }),
    'interval[1d 2h, until 2027-01-01T00:00:00.000Z, jitter 500ms]',
    'Every 1 day and 2 hours, until 2027-01-01T00:00:00.000Z, delayed by less than 500ms',
  ],
  [
    cron(' 30 9  * * 1-5', { timezone: 'Europe/Berlin', jitter: '5m' }),
    'cron[30 9 * * 1-5, Europe/Berlin, jitter 5m]',
    'At 09:30, Monday through Friday, in Europe/Berlin, delayed by less than 5m',
  ],
  [cron('@weekly'), 'cron[@weekly]', 'At 00:00, only on Sunday, in UTC'],
  [cron('0 0 * * 5L'), 'cron[0 0 * * 5L]', 'At 00:00, on the last Friday of the month, in UTC'],
  [cron('0 0 * * 1#2'), 'cron[0 0 * * 1#2]', 'At 00:00, on the second Monday of the month, in UTC'],
  [
    cron('*/15 * 0 L * ?'),
    'cron[*/15 * 0 L * ?]',
    'Every 15 seconds, between 00:00 and 00:59, on the last day of the month, in UTC',
  ],
  [
    cron({ hour: 9, day: 'last fri' }, { dst: { gap: 'skip', fold: 'both' } }),
    'cron[day=last fri hour=9, gap=skip fold=both]',
    'At hour 9, day of the month last fri, in UTC',
  ],
  [
    cron({ dayOfWeek: '0-4', minute: '*' }),
    'cron[dayOfWeek=0-4 minute=*]',
    'At every minute, day of the week 0-4 (0 = Monday), in UTC',
  ],
  [
    calendarInterval({ months: 1, days: 2, hour: 9, minute: 5, startDate: '2026-01-31' }),
    'calendarInterval[every 1 month and 2 days, at 09:05, from 2026-01-31]',
    'Every 1 month and 2 days at 09:05, in UTC, from 2026-01-31',
  ],
  [
    or(and(cron('@daily'), interval('2w')), calendarInterval({ years: 1, second: 7 })),
    'or[and[cron[@daily], interval[2w]], calendarInterval[every 1 year, at 00:00:07]]',
    'Whenever one of these says so: (whenever all of these agree: (at 00:00, in UTC) and (every 2 weeks)) or (every 1 year at 00:00:07, in UTC)',
  ],
];

describe('a trigger reads well', () => {
  it.each(WORDS)('%j', (trigger, text, words) => {
    expect(triggerText(trigger)).toBe(text);
    expect(describeTrigger(trigger)).toBe(words);
  });

  it('H is shown as its value for the job’s id', () => {
    const words = (jobId: string) => describeTrigger(cron('H H(2-4) * * THU'), { jobId });
    expect(words('a')).toMatch(/^At 0[2-4]:\d\d, only on Thursday, in UTC$/);
    expect(words('a')).toBe(words('a'));
    expect(new Set(Array.from({ length: 20 }, (_, job) => words(`job-${job}`))).size).toBeGreaterThan(10);
  });

  it('the zone is the scheduler’s where there is no other', () => {
    expect(describeTrigger(cron('0 9 * * *'), { timezone: 'Asia/Tokyo' })).toBe('At 09:00, in Asia/Tokyo');
  });

  it('and what cannot be read is refused', () => {
    expect(() => describeTrigger(cron('0 25 * * *'))).toThrow('cron: hour "25" is outside 0–23');
  });
});
