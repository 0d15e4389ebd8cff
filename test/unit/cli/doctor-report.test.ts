import type { Diagnosis } from '@carillon/core';
import { expect, test } from 'vitest';
import { reportOf } from '../../../packages/carillon/src/cli/doctor/report.js';

test('a job store without a leader has none in the report', () => {
  const counts = { jobs: 0, schedule: 0, runs: 0, leases: 0, outbox: 0, quarantine: 0 };
  const store = { jobStore: 'default', format: 3, leader: null, paused: false, workers: [], counts };
  const report = reportOf({ server: null, jobStores: [store], findings: [] } as unknown as Diagnosis);
  expect(report).toMatch(/^default +3 +none +0 /m);
});
