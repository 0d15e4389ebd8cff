import { describe, expect, it } from 'vitest';
import {
  compileTrigger,
  cron,
  type Trigger,
  triggerDigest,
  triggerSchema,
} from '../../../../packages/core/src/trigger/index.js';

/** `and` in `and`, as deep as `depth`. */
function nest(depth: number): object {
  let trigger: object = { type: 'cron', expression: '@daily' };
  for (let level = 0; level < depth; level++) trigger = { type: 'and', triggers: [trigger] };
  return trigger;
}

describe('data that is not a trigger is refused, with what is wrong and what is allowed', () => {
  const LONG = `0${' '.repeat(2_000)}`;
  const CRON_FIELDS = 'type, expression, fields, timezone, startAt, endAt, jitter, dst, v';
  const MAKE = 'make one with date(), interval(), cron(), calendarInterval(), and() or or()';

  it.each([
    [null, `trigger: null is not a trigger; ${MAKE}`],
    ['5m', `trigger: "5m" is not a trigger; ${MAKE}`],
    [{ type: 'sundial' }, `trigger: type "sundial" is not a trigger; ${MAKE}`],
    [{}, `trigger: type undefined is not a trigger; ${MAKE}`],
    [
      { type: 'date', at: '2026-01-01T00:00:00Z', timezone: 'UTC' },
      'date: unknown field "timezone"; allowed are type, at, v',
    ],
    [
      { type: 'cron', expression: '@daily', tz: 'UTC', x: 1 },
      `cron: unknown field "tz", "x"; allowed are ${CRON_FIELDS}; write timezone in place of tz`,
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
      'cron: dst.fold undefined is missing: dst has both, gap and fold; allowed are "first", "second", "both"',
    ],
    [
      { type: 'cron', expression: '@daily', dst: { gap: 'skip', fold: 'both', overlap: 1 } },
      'cron: dst: unknown field "overlap"; allowed are gap, fold',
    ],
    [
      { type: 'cron', expression: '@daily', dst: null, jitter: -1 },
      'cron: jitter -1 is not a duration: give a number of milliseconds, or a string such as "500ms", "40s", "5m", "2h"; dst null is not an object',
    ],
    [
      { type: 'cron', timezone: 'UTC' },
      'cron: needs either an expression, such as "30 9 * * 1-5", or fields, such as { hour: 9, minute: 30 }',
    ],
    [{ type: 'cron', expression: '@daily', fields: { hour: 1 } }, /^cron: needs either an expression/],
    [
      { type: 'date', at: '2026-01-01T00:00:00Z', v: 2 },
      'date: v 2 is not a version of the JSON form that this release reads: it reads 1, the same as none',
    ],
    [{ type: 'and', triggers: [] }, 'and: triggers [] does not hold 1 to 50 triggers'],
    [{ type: 'or' }, 'or: triggers undefined does not hold 1 to 50 triggers'],
    [{ type: 'or', triggers: Array(51).fill({ type: 'cron', expression: '@daily' }) }, /^or: triggers .* 1 to 50/],
    [
      { type: 'and', triggers: [{ type: 'or', triggers: [{ type: 'sundial' }] }] },
      `and: triggers.0.triggers.0.type "sundial" is not a trigger; ${MAKE}`,
    ],
    [
      { type: 'and', triggers: [{ type: 'cron', expression: '@daily', jitter: -1 }, { type: 'interval' }] },
      /^and: triggers.0.jitter -1 is not a duration: .*; triggers.1 .* the step is less than 1 ms/,
    ],
    [nest(6), /is not a trigger that may stand here: and\(\) and or\(\) nest at most 5 deep$/],
    [nest(5_000), /is not a trigger that may stand here/],
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

  it('version 1 is what a form without a version is', () => {
    const trigger: Trigger = { type: 'cron', expression: '0 9 * * *' };
    expect(compileTrigger({ ...trigger, v: 1 }).nextMs(0)).toBe(compileTrigger(trigger).nextMs(0));
    expect(triggerDigest({ ...trigger, v: 1 })).toBe(triggerDigest(trigger));
  });

  it('a nest of the greatest depth is taken', () => {
    expect(compileTrigger(nest(5) as Trigger).nextMs(0)).toBe(86_400_000);
  });

  it('instants written with another offset are taken', () => {
    const trigger = compileTrigger({ type: 'date', at: '2026-01-01T02:00:00+02:00' });
    expect(trigger.nextMs(0)).toBe(Date.UTC(2026, 0, 1));
  });
});
