import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { and, compileTrigger, cron, interval, or, type Trigger } from '../../../../packages/core/src/trigger/index.js';

const delays = (jobId: string | undefined, jitter: number | '10s', every = 60) => {
  const compiled = compileTrigger(interval({ seconds: every, jitter }), { jobId, now: new Date(0) });
  return Array.from({ length: 2_000 }, (_, index) => compiled.delayMs((index + 1) * every * 1_000));
};

describe('jitter', () => {
  it('spreads evenly over [0, jitter), in whole ms', () => {
    const all = delays('a', '10s');
    expect(all.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 10_000)).toBe(true);
    expect(Math.min(...all)).toBeLessThan(50);
    expect(Math.max(...all)).toBeGreaterThan(9_950);
    expect(all.reduce((sum, delay) => sum + delay, 0) / all.length).toBeCloseTo(5_000, -3);
  });

  it('stays below the distance to the next fire time, where the jitter is longer', () => {
    const all = delays('a', 600_000);
    expect(Math.max(...all)).toBeGreaterThan(59_000);
    expect(Math.max(...all)).toBeLessThan(60_000);
  });

  it('is the same in every process and run, and another for another job or fire time', () => {
    expect(delays('a', '10s').slice(0, 3)).toEqual([6_609, 5_704, 8_240]);
    expect(delays('b', '10s')).not.toEqual(delays('a', '10s'));
    expect(new Set(delays('a', '10s')).size).toBeGreaterThan(1_500);
  });

  it('is what a judge computes: 48 bits of SHA-256, spread over what jitter and the next fire time leave', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 500_000 }),
        fc.integer({ min: 1, max: 4e7 }),
        (jobId, jitter, minute) => {
          const compiled = compileTrigger(interval({ seconds: 60, jitter }), { jobId, now: new Date(0) });
          const hash = createHash('sha256')
            .update(`${minute * 60_000} ${jobId}`)
            .digest('hex');
          const share = Number.parseInt(hash.slice(0, 12), 16) / 2 ** 48;
          expect(compiled.delayMs(minute * 60_000)).toBe(Math.floor(share * Math.min(jitter, 60_000)));
        },
      ),
    );
  });

  it('leaves fire times nominal', () => {
    const compiled = compileTrigger(interval({ seconds: 60, jitter: '10s' }), { now: new Date(0) });
    expect(compiled.next(new Date(0))).toEqual(new Date(60_000));
    expect(compiled.delay(new Date(60_000))).toBe(compiled.delayMs(60_000));
  });

  it('is bounded by itself at the last fire time', () => {
    const last = compileTrigger(interval({ seconds: 60, jitter: 50, endAt: new Date(60_000) }), { now: new Date(0) });
    expect(last.nextMs(60_000)).toBeNull();
    expect(last.delayMs(60_000)).toBeLessThan(50);
  });

  it('never delays a fire beyond endAt, whatever the kind of trigger and the id', () => {
    const endAt = '2026-01-01T03:00:00.000Z';
    const end = Date.parse(endAt);
    const jitter = '30m';
    const hourly = cron('0 * * * *', { endAt, jitter });
    const near = '2026-01-01T03:10:00.000Z';
    const triggers: readonly (readonly [Trigger, number])[] = [
      [hourly, end],
      [cron({ hour: '*' }, { endAt: near, jitter }), Date.parse(near)],
      [interval({ hours: 1, startAt: '2026-01-01T00:00Z', endAt: near, jitter }), Date.parse(near)],
      [and(hourly, cron('0 * * * *')), end],
      [and(cron('0 * * * *', { jitter }), cron('* * * * *', { endAt: near })), Date.parse(near)],
      [or(hourly, cron('30 1 * * *', { endAt })), end],
    ];
    for (const [trigger, last] of triggers) {
      let latest = 0;
      for (let id = 0; id < 200; id++) {
        const { nextMs, delayMs } = compileTrigger(trigger, { jobId: `job-${id}` });
        for (let fire = nextMs(Date.UTC(2026, 0, 1)); fire !== null; fire = nextMs(fire)) {
          latest = Math.max(latest, fire + delayMs(fire));
        }
      }
      expect(latest).toBeLessThanOrEqual(last);
      expect(latest).toBeGreaterThan(last - 60_000);
    }
  });
});
