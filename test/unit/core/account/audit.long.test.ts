import { cron } from '@carillon/core';
import { expect, it } from 'vitest';
import { auditOf } from '../../../../packages/core/src/account/audit.js';
import { handMade, ms, record } from '../../../support/hand-made-account.js';

const MOST_CPU_MS = 60_000;

it('compares 1,000,000 fire times, of which every second run failed, within 60 s of processor time', () => {
  const at = '2026-02-01T00:00:00Z';
  const first = ms(at) + 1_000;
  const end = first + 1e9;
  const timeline = handMade({
    now: new Date(end - 500).toISOString(),
    job: { rev: 1, generation: 1, record: record(cron('* * * * * *'), { at }) },
    pending: new Date(end).toISOString(),
    open: [`x${first}+2000*500000~5`, `e${first + 1_000}+2000*500000~5`],
  });
  const before = process.cpuUsage();
  const steps = auditOf(timeline, { from: timeline.speaksFrom, to: timeline.now });
  let step = steps.next();
  for (; !step.done; step = steps.next()) expect(step.value).toBeNull();
  expect(step.value).toBe(1_000_000);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(MOST_CPU_MS);
});
