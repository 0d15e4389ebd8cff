import { describe, expect, it } from 'vitest';
import { compileTrigger, interval } from '../../../../packages/core/src/trigger/index.js';

const now = new Date('2026-03-29T00:59:00.250Z');
const iso = (fire: Date | null) => fire?.toISOString();

describe('interval', () => {
  it('keeps just the fields that were given', () => {
    expect(interval({ minutes: 5, hours: undefined, startAt: now, endAt: undefined, jitter: '1s' })).toStrictEqual({
      type: 'interval',
      minutes: 5,
      startAt: '2026-03-29T00:59:00.250Z',
      jitter: '1s',
    });
    expect(Object.isFrozen(interval({ minutes: 5 }))).toBe(true);
  });

  it.each([
    ['250ms', { milliseconds: 250 }],
    ['40s', { seconds: 40 }],
    ['5m', { minutes: 5 }],
    ['1.5h', { hours: 1.5 }],
    ['1d', { days: 1 }],
    ['2w', { weeks: 2 }],
  ] as const)('takes %s for the field of its unit', (text, fields) => {
    expect(interval(text)).toStrictEqual({ type: 'interval', ...fields });
  });

  it('adds its parts up', () => {
    const trigger = compileTrigger(interval({ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }), {
      now: new Date(0),
    });
    expect(trigger.nextMs(0)).toBe(604_800_000 + 86_400_000 + 3_600_000 + 60_000 + 1_000 + 1);
  });

  it('without startAt fires first one step after it was added, and never drifts', () => {
    const trigger = compileTrigger(interval('5m'), { now });
    expect(iso(trigger.next(new Date(0)))).toBe('2026-03-29T01:04:00.250Z');
    expect(iso(trigger.next(now))).toBe('2026-03-29T01:04:00.250Z');
    expect(iso(trigger.next(new Date('2026-03-29T01:04:00.250Z')))).toBe('2026-03-29T01:09:00.250Z');
    expect(iso(trigger.next(new Date('2036-03-29T01:04:00Z')))).toBe('2036-03-29T01:04:00.250Z');
  });

  it('with startAt fires first there, and last at endAt at the latest', () => {
    const trigger = compileTrigger(
      interval({ hours: 1, startAt: '2026-03-29T00:00:00Z', endAt: '2026-03-29T02:00:00Z' }),
      { now },
    );
    expect(iso(trigger.next(new Date(0)))).toBe('2026-03-29T00:00:00.000Z');
    expect(iso(trigger.next(new Date('2026-03-29T00:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
    expect(iso(trigger.next(new Date('2026-03-29T01:59:59.999Z')))).toBe('2026-03-29T02:00:00.000Z');
    expect(trigger.next(new Date('2026-03-29T02:00:00Z'))).toBeNull();
  });

  it('ends with the year 9999', () => {
    const trigger = compileTrigger(interval('1s'), { now });
    expect(iso(trigger.next(new Date('9999-12-31T23:59:59Z')))).toBe('9999-12-31T23:59:59.250Z');
    expect(trigger.next(new Date('9999-12-31T23:59:59.250Z'))).toBeNull();
    expect(trigger.next(new Date(8.64e15))).toBeNull();
    expect(trigger.nextMs(Number.NaN)).toBeNull();
  });

  const unit = 'give at least one of weeks, days, hours, minutes, seconds, milliseconds';
  it.each([
    [{}, `interval: the step is less than 1 ms; ${unit}`],
    [{ minutes: 0 }, `interval: the step of minutes 0 is less than 1 ms; ${unit}`],
    [{ milliseconds: 0.4 }, `interval: the step of milliseconds 0.4 is less than 1 ms; ${unit}`],
    [{ minutes: -5 }, 'interval: minutes -5 is not a number of at least 0'],
    [{ minutes: '5' }, 'interval: minutes "5" is not a number of at least 0'],
    [{ minutes: Number.NaN }, 'interval: minutes NaN is not a number of at least 0'],
    [
      { minute: 5 },
      'interval: unknown field "minute"; allowed are type, weeks, days, hours, minutes, seconds, milliseconds, startAt, endAt, jitter, v; write minutes in place of minute',
    ],
    [
      { minutes: 5, jitter: '5 s' },
      'interval: jitter "5 s" is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"',
    ],
    [
      { minutes: 5, endAt: 'never' },
      'interval: endAt "never" is not an instant: give a Date, or an ISO string with its offset such as "2026-03-29T00:59:00Z"',
    ],
    [
      '5 minutes',
      'interval: "5 minutes" is not a duration; give a string such as "500ms", "40s", "5m", "2h", "1d", "1w"',
    ],
    ['0s', `interval: the step of seconds 0 is less than 1 ms; ${unit}`],
  ])('refuses %j', (every, message) => {
    expect(() => interval(every as never)).toThrow(expect.objectContaining({ code: 'INVALID_TRIGGER', message }));
  });
});
