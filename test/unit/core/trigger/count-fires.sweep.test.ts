import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countFiresOf } from '../../../../packages/core/src/trigger/count-fires.js';
import {
  and,
  compileTrigger,
  cron,
  date,
  interval,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';
import { instants, recurringTriggers } from './arbitraries.js';

const options = { jobId: 'a job', now: new Date('2026-03-01T00:00Z') };
const DAY = 86_400_000;

function lookedAt(trigger: Trigger, from: number, to: number): number {
  const { nextMs } = compileTrigger(trigger, options);
  let count = 0;
  for (let at = nextMs(from - 1); at !== null && at < to; at = nextMs(at)) count += 1;
  return count;
}

const counted = (trigger: Trigger, from: number, to: number) => countFiresOf(trigger, options)?.(from, to);

it('counts as many fire times as there are, whichever clock changes there are', () => {
  fc.assert(
    fc.property(recurringTriggers, instants, fc.integer({ min: 0, max: 9 * DAY }), (trigger, from, length) => {
      const count = counted(trigger, from, from + length);
      if (count === undefined) return;
      // If an interval is short, a part of the time is enough.
      const to = count > 1_000 ? from + Math.floor((length * 1_000) / count) : from + length;
      expect(counted(trigger, from, to)).toBe(lookedAt(trigger, from, to));
    }),
    { numRuns: sweep(30, 3_000) },
  );
});

it.each([
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'],
  ['Pacific/Apia', '2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z'],
] as const)('around a clock change of %s, by each of its rules', (timezone, from, to) => {
  for (const gap of ['shift', 'skip'] as const) {
    for (const fold of ['first', 'second', 'both'] as const) {
      for (const expression of ['*/7 * * * *', '*/20 1-3 * * *', '15,45 */2 * * *', '30 0 2 * * *']) {
        const trigger = cron(expression, { timezone, dst: { gap, fold } });
        for (let hour = 0; hour < 24; hour += 3) {
          const begin = Date.parse(from) + hour * 3_700_001;
          const reported = `${expression} ${gap} ${fold} from ${new Date(begin).toISOString()}`;
          expect(counted(trigger, begin, Date.parse(to)), reported).toBe(lookedAt(trigger, begin, Date.parse(to)));
        }
      }
    }
  }
});

it('keeps to the first and the last instant of a trigger, and counts each second of years', () => {
  const window = { startAt: '2026-01-01T00:00:00Z', endAt: '2026-01-01T01:00:00Z' };
  const all = [Date.parse('2025-01-01T00:00:00Z'), Date.parse('2027-01-01T00:00:00Z')] as const;
  expect(counted(cron('* * * * *', window), ...all)).toBe(61);
  expect(counted(interval({ seconds: 1, ...window }), ...all)).toBe(3_601);
  expect(counted(interval({ days: 1 }), Date.parse('2026-02-01T00:00:00Z'), Date.parse('2026-03-03T00:00:00Z'))).toBe(
    1,
  );
  expect(counted(date('2026-01-01T00:00:00Z'), ...all)).toBe(1);
  expect(counted(date('2028-01-01T00:00:00Z'), ...all)).toBe(0);
  expect(counted(cron('* * * * * *'), ...all)).toBe(730 * 86_400);
  expect(counted(and(cron('* * * * *'), cron('0 * * * *')), ...all)).toBeUndefined();
});
