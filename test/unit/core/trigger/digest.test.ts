import { describe, expect, it } from 'vitest';
import {
  cron,
  date,
  interval,
  type Trigger,
  triggerDigest,
  triggerZone,
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
    ]).toEqual(['f481cc92a862c9aa', 'a4f6b4bc662351e3', '1038b8ac04d603b8']);
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

  it('refuses what is no trigger', () => {
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
});
