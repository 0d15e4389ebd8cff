import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CompiledTrigger,
  compileTrigger,
  cron,
  interval,
  newestFireTimes,
} from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';
import { instants, recurringTriggers } from './arbitraries.js';

const now = new Date('2026-03-01T00:00Z');
const YEAR = 365 * 86_400_000;

/** Walks the backlog one by one. Returns every fire time, or undefined where they are too many to walk. */
function naive(trigger: CompiledTrigger, first: number, until: number): number[] | undefined {
  const all = first <= until ? [first] : [];
  for (let fire = trigger.nextMs(first); fire !== null && fire <= until; fire = trigger.nextMs(fire)) {
    if (all.length > 5_000) return undefined;
    all.push(fire);
  }
  return all;
}

function counted(trigger: CompiledTrigger): { readonly trigger: CompiledTrigger; readonly calls: () => number } {
  let calls = 0;
  const nextMs = (after: number) => {
    calls++;
    return trigger.nextMs(after);
  };
  return { trigger: { ...trigger, nextMs }, calls: () => calls };
}

describe('the newest fire times of a backlog', () => {
  it('are those that a walk from the first one ends with', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        recurringTriggers,
        instants,
        fc.boolean(),
        fc.integer({ min: -10, max: 2 * YEAR }),
        fc.integer({ min: 0, max: 30 }),
        (data, start, named, length, limit) => {
          const trigger = compileTrigger(data, { now });
          const first = named ? (trigger.nextMs(start) ?? start) : start;
          const until = first + length;
          const all = naive(trigger, first, until);
          if (all === undefined) return;
          compared++;
          expect(newestFireTimes(trigger, { first, until, limit })).toEqual({
            fireTimes: limit === 0 ? [] : all.slice(-limit),
            older: all.at(-limit - 1) ?? null,
          });
        },
      ),
      { numRuns: sweep(40, 300) },
    );
    expect(compared).toBeGreaterThan(sweep(10, 150));
  });

  it('include the first one though the trigger does not name it', () => {
    const trigger = compileTrigger(interval({ minutes: 1, startAt: new Date(0) }));
    expect(newestFireTimes(trigger, { first: 90_500, until: 180_000, limit: 5 })).toEqual({
      fireTimes: [90_500, 120_000, 180_000],
      older: null,
    });
    expect(newestFireTimes(trigger, { first: 90_500, until: 180_000, limit: 2 })).toEqual({
      fireTimes: [120_000, 180_000],
      older: 90_500,
    });
    expect(newestFireTimes(trigger, { first: 90_500, until: 90_500, limit: 1 }).fireTimes).toEqual([90_500]);
    expect(newestFireTimes(trigger, { first: 90_500, until: 90_499, limit: 1 })).toEqual({
      fireTimes: [],
      older: null,
    });
  });

  it('cost about the same after a year as after an hour', () => {
    const until = now.getTime() + 2 * YEAR;
    for (const [limit, most] of [
      [1, 10],
      [1_000, 2_000],
    ] as const) {
      const every = counted(compileTrigger(interval('1s'), { now }));
      const { fireTimes, older } = newestFireTimes(every.trigger, { first: until - YEAR, until, limit });
      expect(fireTimes).toHaveLength(limit);
      expect(fireTimes.at(-1)).toBe(until);
      expect(older).toBe(until - limit * 1_000);
      expect(every.calls()).toBeLessThan(most);
    }
  });

  it('are found behind a long silence, at the end of a burst', () => {
    const burst = counted(compileTrigger(cron('* * * 1 1 *')));
    const until = Date.UTC(2026, 6, 1);
    const { fireTimes, older } = newestFireTimes(burst.trigger, { first: Date.UTC(2016, 0, 1), until, limit: 2 });
    const midnight = Date.UTC(2026, 0, 2);
    expect(fireTimes).toEqual([midnight - 2_000, midnight - 1_000]);
    expect(older).toBe(midnight - 3_000);
    expect(burst.calls()).toBeLessThan(2_000);
  });
});
