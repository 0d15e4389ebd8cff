import { compileTrigger } from '@carillon/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { triggerOf } from '../../../../packages/carillon/src/import/crontab/trigger.js';
import { VixieEntry } from './vixie.js';

describe('a schedule', () => {
  const field = (low: number, high: number, names: readonly string[] = []) => {
    const value = fc.integer({ min: low, max: high });
    const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const stepped = fc
      .tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: high + 5 }))
      .map((p) => p.join('/'));
    const single = names.length > 0 ? fc.oneof(value.map(String), fc.constantFrom(...names)) : value.map(String);
    const list = fc.array(fc.oneof(single, range, stepped, fc.constant('*')), { minLength: 1, maxLength: 3 });
    return fc.oneof(
      fc.constant('*'),
      list.map((parts) => parts.join(',')),
    );
  };
  const schedule = fc
    .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12, ['jan', 'Jul']), field(0, 7, ['sun', 'Wed']))
    .map((fields) => fields.join(' '));

  it("fires when Vixie cron's rules say so, whatever its days", () => {
    const DAY_MS = 86_400_000;
    fc.assert(
      fc.property(schedule, fc.integer({ min: 0, max: 600 }), (text, day) => {
        const vixie = new VixieEntry(text);
        const trigger = compiled(text);
        if (!trigger) return;
        const start = Date.UTC(2027, 0, 1) + day * DAY_MS;
        let next = trigger.next(new Date(start - 1));
        for (let at = start; at < start + 1.5 * DAY_MS; at += 60_000) {
          const fires = next?.getTime() === at;
          if (fires !== vixie.fires(new Date(at)))
            throw new Error(`${text} at ${new Date(at).toISOString()}: ${fires}`);
          if (fires) next = trigger.next(new Date(at));
        }
      }),
      { numRuns: 150 },
    );
  });

  /** Returns undefined for a day that does not exist, which never fires. */
  function compiled(text: string) {
    try {
      return compileTrigger(triggerOf(text.split(' ') as unknown as [string], { timezone: 'UTC' }).trigger);
    } catch (error) {
      expect((error as Error).message).toMatch(/never/);
      return undefined;
    }
  }
});
