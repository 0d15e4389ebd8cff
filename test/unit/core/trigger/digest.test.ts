import { describe, expect, it } from 'vitest';
import {
  and,
  calendarInterval,
  compileTrigger,
  cron,
  date,
  interval,
  or,
  type Trigger,
  triggerDigest,
  triggerZone,
  usesAnchor,
} from '../../../../packages/core/src/trigger/index.js';

describe('the digest of a trigger', () => {
  it('is 16 hex digits', () => {
    expect(triggerDigest(cron('@daily'))).toMatch(/^[0-9a-f]{16}$/);
  });

  it('never changes: it is stored with the jobs', () => {
    expect([
      triggerDigest(date('2026-01-01T00:00:00Z')),
      triggerDigest(interval({ minutes: 5, startAt: '2026-01-01T00:00:00Z' })),
      triggerDigest(cron('0 9 * * 1-5', { timezone: 'Europe/Berlin' })),
      triggerDigest(cron({ hour: 9, dayOfWeek: 'mon-fri' })),
      triggerDigest(calendarInterval({ months: 1, startDate: '2026-01-31' })),
      triggerDigest(and(cron('0 9 * * *'), or(interval('1d'), date('2026-01-01T00:00:00Z')))),
    ]).toEqual([
      'f481cc92a862c9aa',
      'a4f6b4bc662351e3',
      '1038b8ac04d603b8',
      '568eb7388cec70d0',
      '7aa76ff929eccda8',
      '13eafb5a74ad2dbd',
    ]);
  });

  it.each<[string, Trigger, Trigger]>([
    ['units of a step', interval({ seconds: 60 }), interval('1m')],
    ['units of jitter', interval({ minutes: 1, jitter: '2s' }), interval({ minutes: 1, jitter: 2_000 })],
    [
      'order of fields',
      { type: 'cron', expression: '@daily', dst: { gap: 'skip', fold: 'both' } },
      { dst: { fold: 'both', gap: 'skip' }, expression: '@daily', type: 'cron' },
    ],
    ['spaces', cron('0 9 * * *'), cron(' 0  9 * *  * ')],
    ['offsets of an instant', date('2026-01-01T00:00:00Z'), { type: 'date', at: '2026-01-01T01:00:00+01:00' }],
    ['numbers of fields', cron({ hour: 9, minute: '0, 30' }), cron({ minute: '0,30', hour: '9' })],
    ['case of fields', cron({ dayOfWeek: 'MON' }), cron({ dayOfWeek: 'mon' })],
    [
      'units of a calendar step',
      calendarInterval({ years: 1, weeks: 1 }),
      calendarInterval({ months: 12, days: 7, hour: 0 }),
    ],
    ['spelling of parts', and(interval('60s'), cron('0  9 * * *')), and(interval('1m'), cron('0 9 * * *'))],
  ])('does not depend on the %s', (_, one, other) => {
    expect(triggerDigest(one)).toBe(triggerDigest(other));
  });

  it.each<[string, Trigger, Trigger]>([
    ['expression', cron('0 9 * * *'), cron('0 8 * * *')],
    ['zone', cron('0 9 * * *', { timezone: 'UTC' }), cron('0 9 * * *', { timezone: 'Asia/Tokyo' })],
    ['dst', cron('0 9 * * *'), cron('0 9 * * *', { dst: { gap: 'skip', fold: 'both' } })],
    ['step', interval('1m'), interval('2m')],
    ['start', interval('1m'), interval({ minutes: 1, startAt: '2026-01-01T00:00:00Z' })],
    ['end', interval('1m'), interval({ minutes: 1, endAt: '2026-01-01T00:00:00Z' })],
    ['jitter', interval('1m'), interval({ minutes: 1, jitter: 1 })],
    ['instant', date('2026-01-01T00:00:00Z'), date('2026-01-01T00:00:01Z')],
    ['fields', cron({ hour: 9 }), cron({ hour: 9, minute: '*' })],
    ['startDate', calendarInterval({ days: 1 }), calendarInterval({ days: 1, startDate: '2026-01-01' })],
    ['parts', and(interval('1m'), interval('2m')), and(interval('1m'), interval('3m'))],
    ['word between the parts', and(interval('1m'), interval('2m')), or(interval('1m'), interval('2m'))],
  ])('depends on the %s', (_, one, other) => {
    expect(triggerDigest(one)).not.toBe(triggerDigest(other));
  });

  it('depends on the scheduler’s zone where the trigger has none, and reads the clock', () => {
    expect(triggerDigest(cron('@daily'), 'Asia/Tokyo')).not.toBe(triggerDigest(cron('@daily')));
    expect(triggerDigest(cron('@daily'), 'UTC')).toBe(triggerDigest(cron('@daily')));
    const own = cron('@daily', { timezone: 'Europe/Berlin' });
    expect(triggerDigest(own, 'Asia/Tokyo')).toBe(triggerDigest(own));
    expect(triggerDigest(interval('1m'), 'Asia/Tokyo')).toBe(triggerDigest(interval('1m')));
  });

  it('refuses what is not a trigger', () => {
    expect(() => triggerDigest({ type: 'interval' })).toThrow(expect.objectContaining({ code: 'INVALID_TRIGGER' }));
  });
});

describe('the zone of a trigger', () => {
  it('is its own, else the scheduler’s, else UTC; and none for what reads no clock', () => {
    expect(triggerZone(cron('@daily', { timezone: 'Europe/Berlin' }), 'Asia/Tokyo')).toBe('Europe/Berlin');
    expect(triggerZone(cron('@daily'), 'Asia/Tokyo')).toBe('Asia/Tokyo');
    expect(triggerZone(cron('@daily'))).toBe('UTC');
    expect(triggerZone(interval('1m'), 'Asia/Tokyo')).toBeUndefined();
    expect(triggerZone(date('2026-01-01T00:00:00Z'), 'Asia/Tokyo')).toBeUndefined();
  });

  it('of a nest is what its parts without a zone are resolved with', () => {
    const own = cron('@daily', { timezone: 'Europe/Berlin' });
    const open = calendarInterval({ days: 1 });
    expect(triggerZone(and(own, interval('1m')), 'Asia/Tokyo')).toBe('Europe/Berlin');
    expect(triggerZone(or(own, open), 'Asia/Tokyo')).toBe('Asia/Tokyo');
    expect(triggerZone(or(own, and(open)))).toBe('UTC');
    expect(triggerZone(or(own, cron('@daily', { timezone: 'UTC' })), 'Asia/Tokyo')).toBeUndefined();
    expect(triggerDigest(or(own, open), 'Asia/Tokyo')).not.toBe(triggerDigest(or(own, open)));
  });
});

describe('when it was added', () => {
  it.each<[Trigger, boolean]>([
    [interval('5m'), true],
    [interval({ minutes: 5, startAt: '2026-01-01T00:00:00Z' }), false],
    [calendarInterval({ days: 1 }), true],
    [calendarInterval({ days: 1, startDate: '2026-01-01' }), false],
    [or(cron('@daily'), and(interval('5m'), cron('@daily'))), true],
    [and(cron('@daily'), date('2026-01-01T00:00:00Z')), false],
  ])('%j: decides %s', (trigger, decides) => {
    expect(usesAnchor(trigger)).toBe(decides);
    const next = (now: string) => compileTrigger(trigger, { now: new Date(now) }).nextMs(Date.UTC(2026, 0, 5, 12));
    if (!decides) expect(next('2026-01-01T00:00:00Z')).toBe(next('2026-01-01T00:01:00Z'));
  });
});
