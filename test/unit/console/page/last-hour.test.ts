import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastHour, MINUTES, quantile } from '../../../../packages/console/page/src/screens/overview/last-hour.js';

const start = Date.UTC(2026, 2, 28, 10);
type Event = Parameters<LastHour['add']>[0];
const event = (type: string, ms: number, more: object = {}): Event =>
  ({
    v: 1,
    seq: 1,
    type,
    at: new Date(start + ms).toISOString(),
    jobStore: 'default',
    eventId: '0-1',
    ...more,
  }) as Event;
const submitted = (runId: string, ms: number, due: number) =>
  event('job_submitted', ms, { runId, scheduledRunTimes: [new Date(start + due).toISOString()] });

describe('the last hour in numbers', () => {
  it('counts what ended by minutes, and how late runs were started, once each', () => {
    const hour = new LastHour();
    hour.add(submitted('a', 10, 0));
    hour.add(event('job_started', 40, { runId: 'a' }));
    hour.add(event('job_started', 900, { runId: 'a' }));
    hour.add(event('job_error', 950, { runId: 'a' }));
    hour.add(event('job_started', 960, { runId: 'of an unknown fire time' }));
    hour.add(submitted('b', 60_000, 60_000));
    hour.add(event('job_started', 60_200, { runId: 'b' }));
    hour.add(event('job_executed', 60_300, { runId: 'b' }));
    hour.add(event('job_missed', 60_400));
    const { minutes, p50, p99, whole } = hour.numbers(start + 90_000);
    expect(minutes).toHaveLength(MINUTES);
    expect(minutes.slice(-2)).toMatchObject([
      { runs: 1, failed: 1, missed: 0, seconds: 60 },
      { runs: 1, failed: 0, missed: 1, seconds: 30 },
    ]);
    expect([p50.at(-2), p99.at(-2), p50.at(-1), p50.at(-3)]).toEqual([40, 40, 200, null]);
    expect(whole).toEqual({ p50: 40, p99: 200, runs: 2, failed: 1, missed: 1 });
  });

  it('forgets what is older than an hour', () => {
    const hour = new LastHour();
    hour.add(event('job_executed', 0));
    expect(hour.numbers(start + 59 * 60_000).whole.runs).toBe(1);
    expect(hour.numbers(start + 60 * 60_000).whole.runs).toBe(0);
  });

  it('keeps a bounded sample of a busy minute, and counts all of it', () => {
    const hour = new LastHour();
    for (let run = 0; run < 2_000; run++) {
      hour.add(submitted(`r${run}`, 0, 0));
      hour.add(event('job_started', 7, { runId: `r${run}` }));
      hour.add(event('job_executed', 8));
    }
    expect(hour.numbers(start).whole).toMatchObject({ runs: 2_000, p50: 7, p99: 7 });
  });

  it('quantiles are values that are there, a bounded share of which is below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, part) => {
          const sorted = values.toSorted((one, other) => one - other);
          const found = quantile(sorted, part) ?? Number.NaN;
          expect(values).toContain(found);
          expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(
            Math.floor(values.length * part),
          );
          expect(values.filter((value) => value < found).length).toBeLessThanOrEqual(values.length * part);
        },
      ),
    );
    expect(quantile([], 0.5)).toBeNull();
  });
});
