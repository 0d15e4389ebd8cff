import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';
import { expect, onTestFinished, test } from 'vitest';
import { mostRememberedJobs } from '../../../../packages/core/src/job/remembering.js';

/** Replaces the function that returns the statistics of the heap. */
function heapIs(getHeapStatistics: typeof v8.getHeapStatistics): void {
  v8.getHeapStatistics = getHeapStatistics;
  syncBuiltinESMExports();
}

test('a leader remembers at most 250,000 jobs, and fewer where its heap is small', () => {
  expect(mostRememberedJobs(64 * 2 ** 30)).toBe(250_000);
  expect(mostRememberedJobs(256 * 2 ** 20)).toBe(32_768);
});

test('the heap of this process counts, if no other limit is given', () => {
  const { getHeapStatistics } = v8;
  onTestFinished(() => heapIs(getHeapStatistics));
  heapIs(() => ({ ...getHeapStatistics(), heap_size_limit: 2 ** 28 }));
  expect(mostRememberedJobs()).toBe(32_768);
});
