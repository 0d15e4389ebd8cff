import type { DeliveryQueue, DuePage, Happening, TermStore } from '@carillon/core/internal';
import { systemChance, systemClock } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { Leader } from '../../../packages/coordinator/src/leader.js';

const FULL = Array.from({ length: 500 }, (_, index) => {
  return { runId: `run-${index}`, executor: 'default', priority: 0 };
});

/** A leader whose outbox is as full as before after each page of it. */
function withFullOutbox(jobs: DuePage['jobs'] = []) {
  const asked: string[] = [];
  const page: DuePage = { now: 1_000, paused: false, jobs, nextDueAt: null, outboxAt: 900 };
  const terms = {
    due: async () => {
      asked.push('due');
      return page;
    },
    outgoing: async () => ({ runs: FULL, unreadable: [] }),
    serving: async () => ({ now: 1_000, workers: [], limited: [] }),
    deliver: async ({ runs }) => {
      asked.push('deliver');
      return { status: 'done', value: runs.map(({ runId }) => runId) } as const;
    },
    delivered: async () => ({ status: 'done', value: null }) as const,
    suspects: async () => {
      asked.push('suspects');
      return { suspects: [], strays: [], unreadable: [], cursor: '0' };
    },
    quarantineJobs: async (params) => {
      asked.push(`quarantineJobs ${params.jobs.length}`);
      return { status: 'done', value: null } as const;
    },
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = {
    add: async (deliveries) => deliveries.map(() => ({ status: 'queued' })),
    close: async () => {},
  };
  const parts = { jobStore: 'default', queue, clock: systemClock, chance: systemChance, report: () => {} };
  return { asked, leader: new Leader({ ...parts, terms: terms as Partial<TermStore> as TermStore, leaseMs: 1e9 }) };
}

test('an outbox that fills as fast as it is emptied keeps nothing else from being done', async () => {
  const { asked, leader } = withFullOutbox();
  expect([await leader.tick(1), await leader.tick(1)]).toEqual([0, 0]);
  expect(asked).toEqual(['due', 'deliver', 'suspects', 'due', 'deliver']);
});

test('what cannot be read is moved aside in one call, once what can be has had its turn', async () => {
  const pending = { fireTime: 1, dueAt: 1 };
  const unreadable = FULL.map(({ runId: id }) => ({ id, rev: null, why: 'its header cannot be read', pending }));
  const { asked, leader } = withFullOutbox(unreadable);
  await leader.tick(1);
  expect(asked).toEqual(['due', 'deliver', 'quarantineJobs 500', 'suspects']);
});

test('that the clock of the store went back is said once, also by a leader that comes after, and again the next time', async () => {
  const told: number[] = [];
  const at = { now: 100_000 };
  const terms = {
    due: async () => ({ now: at.now, paused: false, jobs: [], nextDueAt: null, outboxAt: null }),
    suspects: async () => ({ suspects: [], strays: [], unreadable: [], cursor: '0' }),
    loseWorkers: async () => ({ status: 'done', value: [] }) as const,
    quarantineJobs: async () => ({ status: 'done', value: null }) as const,
  } satisfies Partial<TermStore>;
  const queue: DeliveryQueue = { add: async () => [], close: async () => {} };
  const report = (one: Happening) => void (one.kind === 'clock_went_back' && told.push(one.byMs));
  const leader = () =>
    new Leader({
      jobStore: 'default',
      queue,
      clock: systemClock,
      chance: systemChance,
      report,
      terms: terms as Partial<TermStore> as TermStore,
      leaseMs: 1e9,
    });
  const first = leader();
  for (const now of [100_000, 200_000, 199_100, 150_000, 150_500, 201_000, 260_000, 100_000]) {
    at.now = now;
    await first.tick(90_000);
  }
  expect(told).toEqual([50_000, 160_000]);
  await leader().tick(250_001);
  expect(told.at(-1)).toBe(150_001);
});
