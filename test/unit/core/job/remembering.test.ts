import { expect, test } from 'vitest';
import { mostRememberedJobs } from '../../../../packages/core/src/job/remembering.js';

test('a leader remembers at most 250,000 jobs, and fewer where its heap is small', () => {
  expect(mostRememberedJobs(64 * 2 ** 30)).toBe(250_000);
  expect(mostRememberedJobs(256 * 2 ** 20)).toBe(32_768);
});

test('the heap of this process counts, if no other limit is given', () => {
  expect(mostRememberedJobs()).toBeGreaterThan(0);
  expect(mostRememberedJobs()).toBeLessThanOrEqual(250_000);
});
