import { expect, test } from 'vitest';
import { quickly } from '../support/bench.js';

test('the benchmark that looks for the ceiling measures each contender, and prints and writes what it found', async () => {
  const { printed, report } = await quickly('ceiling');
  const { steps = [], ceilings = [] } = report.ceiling ?? {};
  // APScheduler is there only where its packages are installed.
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
});
