import { expect, it } from 'vitest';
import type { StoreFacts } from '../../../packages/core/src/doctor/facts.js';
import { storeFindings } from '../../../packages/core/src/doctor/store-findings.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');

/** Returns the findings about the clock of a job store whose term began at `epoch`, ms. */
function found(epoch: number) {
  const inspection = {
    ...{ jobStore: 'default', format: 1, readers: [], now: new Date(NOW), paused: false },
    leader: { epoch, until: new Date(NOW + 1_000) },
    counts: { jobs: 1, schedule: 1, outbox: 0, runs: 0, leases: 0, quarantine: 0 },
    ...{ nextDue: null, nextDelivery: null, workers: [], runs: [], queues: [], quarantined: [] },
  };
  const facts: StoreFacts = {
    ...{
      inspection,
      known: true,
      looked: 1,
      unreadable: 0,
      newer: 0,
      firstDue: null,
      usual: new Map(),
      needs: [],
      refused: [],
    },
  };
  return storeFindings(facts).filter(({ code }) => code === 'clock_went_back');
}

it('names a clock that is behind the beginning of a term, and what has each kind of job fire before it has caught up', () => {
  const [finding] = found(NOW + 600_000);
  expect(finding?.finding).toContain('10 min behind');
  for (const command of ['jobs pause', 'jobs resume', 'jobs reschedule']) expect(finding?.whatToDo).toContain(command);
  expect(found(NOW - 600_000)).toEqual([]);
});
