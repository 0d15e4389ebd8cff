import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../../packages/core/src/duration.js';
import { compileTrigger, type Trigger } from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';
import { instants, recurringTriggers } from './arbitraries.js';

const options = { jobId: 'a job', now: new Date('2026-03-01T00:00Z') };

/** Returns up to `count` fire times after an instant. */
function walk(nextMs: (after: number) => number | null, after: number, count: number): number[] {
  const fires: number[] = [];
  for (let fire = nextMs(after); fire !== null && fires.length < count; fire = nextMs(fire)) fires.push(fire);
  return fires;
}

function longestJitter(trigger: Trigger): number {
  if ('triggers' in trigger) return Math.max(...trigger.triggers.map(longestJitter));
  return 'jitter' in trigger ? (parseDuration(trigger.jitter) ?? 0) : 0;
}

describe('every trigger', () => {
  it('fires strictly later, and the same wherever the question is asked from', () => {
    fc.assert(
      fc.property(recurringTriggers, instants, fc.double({ min: 0, max: 1, noNaN: true }), (trigger, after, part) => {
        const { nextMs } = compileTrigger(trigger, options);
        let from = after;
        for (const fire of walk(nextMs, after, 12)) {
          expect(fire).toBeGreaterThan(from);
          const between = from + Math.floor((fire - from - 1) * part);
          expect(nextMs(between)).toBe(fire);
          expect(nextMs(fire - 1)).toBe(fire);
          from = fire;
        }
      }),
      { numRuns: sweep(25, 800) },
    );
  });

  it('is the same after a round trip through JSON', () => {
    fc.assert(
      fc.property(recurringTriggers, instants, (trigger, after) => {
        const back = JSON.parse(JSON.stringify(trigger));
        expect(back).toStrictEqual(trigger);
        expect(compileTrigger(back, options).nextMs(after)).toBe(compileTrigger(trigger, options).nextMs(after));
      }),
      { numRuns: sweep(25, 200) },
    );
  });

  it('delays a fire time by less than its jitter, and never to the next one', () => {
    fc.assert(
      fc.property(recurringTriggers, instants, fc.string(), (trigger, after, jobId) => {
        const compiled = compileTrigger(trigger, { ...options, jobId });
        const fires = walk(compiled.nextMs, after, 6);
        const jitter = longestJitter(trigger);
        fires.forEach((fire, index) => {
          const delay = compiled.delayMs(fire);
          const room = (fires[index + 1] ?? Number.POSITIVE_INFINITY) - fire;
          expect(Number.isInteger(delay) && delay >= 0).toBe(true);
          expect(delay < room && (delay < jitter || delay === 0)).toBe(true);
        });
      }),
      { numRuns: sweep(15, 200) },
    );
  });
});
