import { describe, expect, it } from 'vitest';
import { compileTrigger, cron, type Trigger, triggerSchema } from '../../../../packages/core/src/trigger/index.js';

describe('data that is no trigger is refused, with what is wrong and what is allowed', () => {
  const LONG = `0${' '.repeat(2_000)}`;
  const CRON_FIELDS = 'type, expression, timezone, startAt, endAt, jitter, dst';

  it.each([
    [null, 'trigger: null is not a trigger; make one with date(), interval() or cron()'],
    ['5m', 'trigger: "5m" is not a trigger; make one with date(), interval() or cron()'],
    [{ type: 'sundial' }, 'trigger: type "sundial" is not a trigger; make one with date(), interval() or cron()'],
    [{}, 'trigger: type undefined is not a trigger; make one with date(), interval() or cron()'],
    [
      { type: 'date', at: '2026-01-01T00:00:00Z', timezone: 'UTC' },
      'date: unknown field "timezone"; allowed are type, at',
    ],
    [
      { type: 'cron', expression: '@daily', tz: 'UTC', x: 1 },
      `cron: unknown field "tz", "x"; allowed are ${CRON_FIELDS}`,
    ],
    [{ type: 'cron', expression: '@daily', endAt: undefined }, /^cron: endAt undefined is not an instant/],
    [
      { type: 'cron', expression: 5 },
      'cron: expression 5 is not a crontab string of at most 1024 characters, such as "30 9 * * 1-5"',
    ],
    [{ type: 'cron', expression: LONG }, /^cron: expression "0 {78}… is not a crontab string/],
    [
      { type: 'cron', expression: '@daily', timezone: 5 },
      'cron: timezone 5 is not the IANA name of a time zone, such as "Europe/Berlin"',
    ],
    [
      { type: 'cron', expression: '@daily', dst: { gap: 'jump', fold: 'both' } },
      'cron: dst.gap "jump" is not one of "shift", "skip"',
    ],
    [
      { type: 'cron', expression: '@daily', dst: { gap: 'skip' } },
      'cron: dst.fold undefined is not one of "first", "second", "both"',
    ],
    [
      { type: 'cron', expression: '@daily', dst: { gap: 'skip', fold: 'both', overlap: 1 } },
      'cron: dst: unknown field "overlap"; allowed are gap, fold',
    ],
    [
      { type: 'cron', expression: '@daily', dst: null, jitter: -1 },
      'cron: jitter -1 is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"; dst null is not an object',
    ],
  ])('case %#', (data, message) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(() => compileTrigger(data as unknown as Trigger)).toThrow(
      expect.objectContaining({ code: 'INVALID_TRIGGER', name: 'InvalidTriggerError', message: expected }),
    );
    expect(triggerSchema.safeParse(data).success).toBe(false);
  });

  it('and factories refuse what they do not know', () => {
    expect(() => cron('@daily', { tz: 'UTC' } as never)).toThrow(
      `cron: unknown field "tz"; allowed are ${CRON_FIELDS}`,
    );
  });

  it('instants written with another offset are taken', () => {
    const trigger = compileTrigger({ type: 'date', at: '2026-01-01T02:00:00+02:00' });
    expect(trigger.nextMs(0)).toBe(Date.UTC(2026, 0, 1));
  });
});
