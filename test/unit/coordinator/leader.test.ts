import type { DeliveryQueue, DuePage, TermStore } from '@carillon/core/internal';
import { systemChance, systemClock } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { Leader } from '../../../packages/coordinator/src/leader.js';

const FULL = Array.from({ length: 500 }, (_, index) => {
  return { runId: `run-${index}`, deliveryId: `delivery-${index}`, executor: 'default', priority: 0 };
});

/** A leader whose outbox is as full as before after each page of it. */
function withFullOutbox() {
  const asked: string[] = [];
  const page: DuePage = { now: 1_000, paused: false, jobs: [], nextDueAt: null, outboxAt: 900 };
  const terms = {
    due: async () => {
      asked.push('due');
      return page;
    },
    deliver: async () => {
      asked.push('deliver');
      return { status: 'done', value: { runs: FULL, unreadable: [] } } as const;
    },
    delivered: async () => ({ status: 'done', value: null }) as const,
    suspects: async () => {
      asked.push('suspects');
      return { suspects: [], strays: [], unreadable: [], cursor: '0' };
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
