import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTrigger, cron, date, interval, type Trigger } from '../../../../packages/core/src/trigger/index.js';
import { previousFireTime } from '../../../../packages/core/src/trigger/previous.js';
import { sweep } from '../../../support/sweep.js';
import { instants, recurringTriggers } from './arbitraries.js';

const options = { jobId: 'a job', now: new Date('2026-03-01T00:00Z') };
const HOURLY = interval({ hours: 1, startAt: '2026-01-01T00:00:00Z' });
const compiled = (trigger: Trigger) => compileTrigger(trigger, options);

it('the fire time before another one is the one after which that comes; between two, it is the first of them', () => {
  fc.assert(
    fc.property(recurringTriggers, instants, fc.double({ min: 0, max: 1, noNaN: true }), (trigger, after, part) => {
      const { nextMs } = compiled(trigger);
      let fire = nextMs(after);
      for (let count = 0; fire !== null && count < 5; count++) {
        const later = nextMs(fire);
        if (later === null) break;
        expect(previousFireTime({ nextMs }, later)).toBe(fire);
        const between = fire + 1 + Math.floor((later - fire - 1) * part);
        expect(previousFireTime({ nextMs }, between)).toBe(fire);
        fire = later;
      }
    }),
    { numRuns: sweep(25, 800) },
  );
});

it('there is none before the first one; one that lies far back, or among many, is found with few questions', () => {
  const at = (text: string) => Date.parse(text);
  const cases: readonly (readonly [Trigger, string, string | null])[] = [
    [date('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00.000Z', null],
    [date('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.000Z'],
    [HOURLY, '2026-01-01T00:00:00.000Z', null],
    [HOURLY, '2026-01-01T01:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    [cron('0 9 * * *', { timezone: 'Europe/Berlin' }), '2026-03-29T07:00:00.000Z', '2026-03-28T08:00:00.000Z'],
    [cron('0 0 29 2 *', { timezone: 'UTC' }), '2026-01-01T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    // Each second of one day a year.
    [cron('* * * 1 1 *', { timezone: 'UTC' }), '2026-12-31T00:00:00.000Z', '2026-01-01T23:59:59.000Z'],
  ];
  for (const [trigger, before, expected] of cases) {
    const { nextMs } = compiled(trigger);
    let asked = 0;
    const counting = (after: number) => {
      asked += 1;
      return nextMs(after);
    };
    const found = previousFireTime({ nextMs: counting }, at(before));
    const reported = `${JSON.stringify(trigger)} before ${before}`;
    expect(found === null ? null : new Date(found).toISOString(), reported).toBe(expected);
    expect(asked, reported).toBeLessThan(100);
  }
});
