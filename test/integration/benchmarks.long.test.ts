import { expect, test } from 'vitest';
import { type BenchReport, quickly } from '../support/bench.js';

test('each benchmark runs to its end, and an overload is accounted for', async () => {
  const { printed, report } = await quickly();
  expectCeilings(printed, report);
  const { herd, stored, finding, overload, idle, adding, takeover, memory } = report;
  expect(herd?.herds?.[0]).toMatchObject({ jobs: 200, neighbourWorst: expect.any(Number), begunS: expect.any(Number) });
  expect(stored?.stored?.map(({ jobs }) => jobs)).toEqual([100, 1_000]);
  expect(finding?.finding?.map(({ jobs }) => jobs)).toEqual(Array.from({ length: 16 }, () => 2_000));
  expect(finding?.forecast).toHaveLength(2);
  const accounted = { unaccounted: 0, lostEvents: 0, error: 0 };
  expect(overload?.fires).toMatchObject([accounted, accounted]);
  expect(overload?.watched?.length).toBeGreaterThan(3);
  expect(idle?.share?.map(({ what }) => what)).toContain('second worker');
  expect(idle?.calls?.[0]?.callsPerSecond).toBeGreaterThan(0);
  expect(adding?.rates).toHaveLength(6);
  expect(memory?.timers?.map(({ library }) => library)).toEqual(['carillon', 'croner', 'node-cron']);
  for (const { callsPerSecond } of memory?.timers ?? []) expect(callsPerSecond).toBeGreaterThan(0);
  expect(takeover?.takeovers?.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGTERM']);
});

/** Expects that each contender is measured. */
function expectCeilings(printed: string, report: BenchReport): void {
  const { steps = [], ceilings = [] } = report.ceiling ?? {};
  // APScheduler takes part only if its packages are installed.
  const contenders = ['Carillon', 'BullMQ', ...(printed.includes('APScheduler is left out') ? [] : ['APScheduler'])];
  expect(ceilings.map(({ what }) => what)).toEqual(contenders);
  for (const what of contenders) {
    const step = steps.find((row) => row.what === what);
    expect(step?.load).toBe(50);
    for (const figure of ['runsPerSecond', 'worst', 'workerUs', 'redisUs', 'commands', 'bytesIn', 'bytesOut']) {
      expect(step?.[figure], `${figure} of ${what}`).toBeGreaterThan(0);
    }
    expect(printed).toContain(what);
  }
  expect(steps[0]?.coordinatorUs).toBeGreaterThan(0);
}
