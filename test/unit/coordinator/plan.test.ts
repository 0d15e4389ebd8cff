import { compileTrigger, cron, date, interval, type Trigger } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { type Policy, planInSteps } from '../../../packages/coordinator/src/plan.js';
import { MAX_CATCH_UP } from '../../../packages/core/src/job/missed.js';
import { finished } from '../../../packages/core/src/trigger/steps.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const YEAR = 365 * 86_400_000;
const every = interval({ seconds: 1, startAt: new Date(START) });

const compiled = (trigger: Trigger) => compileTrigger(trigger, { jobId: 'job', now: new Date(START) });
const fire = (seconds: number) => ({ fireTime: START + seconds * 1_000, dueAt: START + seconds * 1_000 });
const range = (first: number, last: number) => ({ first: START + first * 1_000, last: START + last * 1_000 });
const plan = (...asked: Parameters<typeof planInSteps>) => finished(planInSteps(...asked));
const policy = (given: Partial<Policy> = {}): Policy => ({ misfireGraceMs: null, coalesce: true, ...given });

describe('plan', () => {
  it.each<[string, Partial<Policy>, number, object]>([
    ['one fire, in time', {}, 0, { fires: [fire(0)], coalesced: null, missed: null, next: fire(1) }],
    ['just before the next', {}, 999, { fires: [fire(0)], coalesced: null, missed: null, next: fire(1) }],
    ['a backlog, coalesced', {}, 5_500, { fires: [fire(5)], coalesced: range(0, 4), missed: null, next: fire(6) }],
    ['a backlog of two', {}, 1_000, { fires: [fire(1)], coalesced: range(0, 0), missed: null, next: fire(2) }],
    [
      'a backlog, one by one',
      { coalesce: false },
      3_500,
      { fires: [fire(0), fire(1), fire(2), fire(3)], coalesced: null, missed: null, next: fire(4) },
    ],
    [
      'within grace, to the millisecond',
      { misfireGraceMs: 500 },
      500,
      { fires: [fire(0)], coalesced: null, missed: null, next: fire(1) },
    ],
    ['past grace', { misfireGraceMs: 500 }, 501, { fires: [], coalesced: null, missed: range(0, 0), next: fire(1) }],
    [
      'grace counts for the newest of those that are coalesced',
      { misfireGraceMs: 500 },
      5_400,
      { fires: [fire(5)], coalesced: range(0, 4), missed: null, next: fire(6) },
    ],
    [
      'all of those that are coalesced are missed',
      { misfireGraceMs: 500 },
      5_600,
      { fires: [], coalesced: null, missed: range(0, 5), next: fire(6) },
    ],
    [
      'grace, one by one',
      { misfireGraceMs: 2_000, coalesce: false },
      5_500,
      { fires: [fire(4), fire(5)], coalesced: null, missed: range(0, 3), next: fire(6) },
    ],
    [
      'no grace at all, on the instant',
      { misfireGraceMs: 0, coalesce: false },
      2_000,
      { fires: [fire(2)], coalesced: null, missed: range(0, 1), next: fire(3) },
    ],
    ['not due yet', {}, -1, { fires: [], coalesced: null, missed: null, next: fire(0) }],
  ])('%s', (_, given, afterMs, expected) => {
    expect(plan(compiled(every), policy(given), fire(0), START + afterMs)).toEqual(expected);
  });

  it('a date has no next', () => {
    const once = compiled(date(new Date(START)));
    expect(plan(once, policy(), fire(0), START + YEAR)).toEqual({
      fires: [fire(0)],
      coalesced: null,
      missed: null,
      next: null,
    });
    expect(plan(once, policy({ misfireGraceMs: 0 }), fire(0), START + 1)).toMatchObject({ fires: [], next: null });
  });

  it('a next run time that the trigger does not name is a fire time, too', () => {
    const odd = { fireTime: START + 500, dueAt: START + 500 };
    expect(plan(compiled(every), policy({ coalesce: false }), odd, START + 1_200)).toEqual({
      fires: [odd, fire(1)],
      coalesced: null,
      missed: null,
      next: fire(2),
    });
  });

  it('the newest of a backlog run, older ones are missed as a range', () => {
    const now = START + 10_000_000;
    const planned = plan(compiled(every), policy({ coalesce: false }), fire(0), now);
    expect(planned.fires).toHaveLength(MAX_CATCH_UP);
    expect(planned.fires.at(0)).toEqual(fire(10_000 - MAX_CATCH_UP + 1));
    expect(planned.fires.at(-1)).toEqual(fire(10_000));
    expect(planned.missed).toEqual(range(0, 10_000 - MAX_CATCH_UP));
    expect(planned.next).toEqual(fire(10_001));
    const exact = plan(compiled(every), policy({ coalesce: false }), fire(0), START + (MAX_CATCH_UP - 1) * 1_000);
    expect([exact.fires.length, exact.missed]).toEqual([MAX_CATCH_UP, null]);
  });

  it('grace and the limit of a backlog make one range', () => {
    const given = policy({ coalesce: false, misfireGraceMs: 9_500 });
    const planned = plan(compiled(every), given, fire(0), START + YEAR);
    const last = YEAR / 1_000;
    expect(planned.fires).toHaveLength(10);
    expect(planned.missed).toEqual(range(0, last - 10));
  });

  it.each<[string, Trigger, Partial<Policy>]>([
    ['an interval of a second', every, {}],
    ['an interval of a second, one by one', every, { coalesce: false }],
    ['with jitter', interval({ seconds: 1, startAt: new Date(START), jitter: '900ms' }), { coalesce: false }],
    ['with grace', every, { coalesce: false, misfireGraceMs: 60_000 }],
    ['a crontab of a minute', cron('* * * * *', { timezone: 'Europe/Berlin' }), { coalesce: false }],
    ['a rare crontab', cron('0 9 * * 1', { timezone: 'America/New_York' }), { coalesce: false }],
  ])('a backlog of ten years costs about the same as one of a minute: %s', (_, trigger, given) => {
    const job = compiled(trigger);
    const pending = fire(0);
    const tookMs = (now: number) => {
      const began = performance.now();
      plan(job, policy(given), pending, now);
      return performance.now() - began;
    };
    tookMs(START + 10 * YEAR);
    const best = Math.min(...Array.from({ length: 5 }, () => tookMs(START + 10 * YEAR)));
    // Walking the 300 million seconds would take minutes.
    expect(best).toBeLessThan(1_000);
  });

  describe('with jitter', () => {
    const jittered = compiled(interval({ seconds: 10, startAt: new Date(START), jitter: '9s' }));
    const at = (index: number) => {
      const fireTime = START + index * 10_000;
      return { fireTime, dueAt: fireTime + jittered.delayMs(fireTime) };
    };

    it('a fire is due at its delayed instant, and not before', () => {
      const late = [0, 1, 2, 3, 4, 5].map(at).find(({ fireTime, dueAt }) => dueAt - fireTime > 1_000) ?? at(0);
      const before = plan(jittered, policy(), late, late.dueAt - 1);
      expect(before).toEqual({ fires: [], coalesced: null, missed: null, next: late });
      const then = plan(jittered, policy(), late, late.dueAt);
      expect(then.fires).toEqual([late]);
      expect(then.next).toEqual(at((late.fireTime - START) / 10_000 + 1));
    });

    it('only what is due of a backlog runs, each at its instant', () => {
      for (let now = START; now < START + 100_000; now += 777) {
        const expected = Array.from({ length: 12 }, (_, index) => at(index)).filter(({ dueAt }) => dueAt <= now);
        if (at(0).dueAt > now) continue;
        const planned = plan(jittered, policy({ coalesce: false }), at(0), now);
        expect(planned.fires).toEqual(expected);
        expect(planned.next).toEqual(at(expected.length));
        const one = plan(jittered, policy(), at(0), now);
        expect(one.fires).toEqual(expected.slice(-1));
      }
    });

    it('grace counts from the delayed instant', () => {
      const pending = at(1);
      const given = policy({ misfireGraceMs: 100 });
      expect(plan(jittered, given, pending, pending.dueAt + 100).fires).toEqual([pending]);
      expect(plan(jittered, given, pending, pending.dueAt + 101).missed).toEqual({
        first: pending.fireTime,
        last: pending.fireTime,
      });
    });
  });
});
