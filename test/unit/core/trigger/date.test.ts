import { describe, expect, it } from 'vitest';
import { compileTrigger, date } from '../../../../packages/core/src/trigger/index.js';

describe('date', () => {
  it('is frozen data with an ISO instant, whatever it was given', () => {
    const expected = { type: 'date', at: '2026-03-29T00:59:00.000Z' };
    expect(date(new Date('2026-03-29T00:59Z'))).toStrictEqual(expected);
    expect(date('2026-03-29T00:59Z')).toStrictEqual(expected);
    expect(date('2026-03-29T02:59:00+02:00')).toStrictEqual(expected);
    expect(Object.isFrozen(date('2026-03-29T00:59Z'))).toBe(true);
  });

  it('fires once, strictly after what is asked', () => {
    const at = new Date('2026-03-29T00:59Z');
    const trigger = compileTrigger(date(at));
    expect(trigger.next(new Date(at.getTime() - 1))).toEqual(at);
    expect(trigger.next(at)).toBeNull();
    expect(trigger.delay(at)).toBe(0);
  });

  it.each([
    ['2026-03-29T09:00:00', '"2026-03-29T09:00:00"'],
    ['2026-03-29', '"2026-03-29"'],
    ['2026-02-30T00:00:00Z', '"2026-02-30T00:00:00Z"'],
    ['2026-13-01T00:00:00Z', '"2026-13-01T00:00:00Z"'],
    ['tomorrow', '"tomorrow"'],
    [new Date(Number.NaN), 'Invalid Date'],
    [Date.parse('2026-03-29T09:00Z'), '1774774800000'],
  ])('refuses %s', (when, shown) => {
    expect(() => date(when as string)).toThrow(
      `date: at ${shown} is not an instant: give a Date, or an ISO string with its offset such as "2026-03-29T00:59:00Z"`,
    );
  });
});
