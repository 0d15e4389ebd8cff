import { type CoordinatorBackend, type Delivery, systemClock } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { SlotPool } from '../../packages/worker/src/slots.js';
import { clusterContract, type TestedCluster, until } from '../support/contract.js';
import { Held } from '../support/held-deliveries.js';

function deliveries(prefix: string, count: number): Delivery[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${prefix}-${index + 1}`;
    return { id, executor: 'default', priority: 0, runIds: [id] };
  });
}

async function add(backend: CoordinatorBackend, jobStore: string, added: readonly Delivery[]): Promise<void> {
  const queue = backend.deliveryQueue(jobStore);
  await queue.add(added);
  await queue.close();
}

/** Shares one slot between two job stores. `a` has `count` deliveries, and the first is in hand. */
async function oneSlotTaken(cluster: TestedCluster, count: number) {
  const coordinator = cluster.coordinator();
  await add(coordinator, 'a', deliveries('a', count));
  const { backend } = cluster.worker();
  const pool = new SlotPool(1, systemClock);
  const [a, b] = ['a', 'b'].map((jobStore) => new Held(backend, { pool, jobStore })) as [Held, Held];
  await Promise.all([a.consumer.start(), b.consumer.start()]);
  await until(() => a.taken.length === 1);
  return { cluster, coordinator, a, b };
}

clusterContract('the slots of an executor', (open) => {
  test('are shared by the queues of several job stores: as many at once as there are, none idle, none starved', async () => {
    const cluster = open();
    const coordinator = cluster.coordinator();
    await add(coordinator, 'a', deliveries('a', 12));
    await add(coordinator, 'b', deliveries('b', 12));
    const { backend } = cluster.worker();
    const pool = new SlotPool(2, systemClock);
    const [a, b] = ['a', 'b'].map((jobStore) => new Held(backend, { pool, jobStore })) as [Held, Held];
    await a.consumer.start();
    await until(() => a.taken.length === 2);
    await b.consumer.start();
    await cluster.pass(100);
    await until(() => b.waits > 0);
    expect([a.taken.length, b.taken.length]).toEqual([2, 0]);
    // The first free slot goes to the job store that has none.
    a.finish();
    await until(() => b.taken.length === 1);
    for (let finished = 1; finished < 11; finished++) {
      const one = finished % 2 === 0 ? a : b;
      const before = a.taken.length + b.taken.length;
      one.finish();
      await until(() => a.taken.length + b.taken.length === before + 1);
      await cluster.pass(20);
      expect(a.taken.length + b.taken.length).toBe(before + 1);
      expect(a.holding + b.holding).toBe(2);
    }
    expect(Math.abs(a.taken.length - b.taken.length)).toBeLessThanOrEqual(2);
    // A slot that one job store leaves goes to the other, down to the last.
    await a.consumer.pause();
    a.finish(Number.POSITIVE_INFINITY);
    await until(() => b.holding === 2);
    while (b.taken.length < 12) {
      const before = b.taken.length;
      b.finish();
      await until(() => b.taken.length === before + 1);
    }
    expect(b.ids).toEqual(deliveries('b', 12).map(({ id }) => id));
  });

  test('one slot goes from job store to job store, whatever the backlog of one', async () => {
    const { cluster, coordinator, a, b } = await oneSlotTaken(open(), 20);
    for (let round = 1; round <= 5; round++) {
      await add(coordinator, 'b', deliveries(`b${round}`, 1));
      // The waiting delivery must be known before the slot is free.
      await cluster.pass(100);
      await until(() => b.waits > 0);
      expect([a.taken.length, b.taken.length]).toEqual([round, round - 1]);
      a.finish();
      await until(() => b.taken.length === round);
      await cluster.pass(20);
      expect(a.taken.length).toBe(round);
      b.finish();
      await until(() => a.taken.length === round + 1);
    }
  });

  test('that are all taken hold nothing in hand: a delivery goes to a worker that has one', async () => {
    const cluster = open();
    const coordinator = cluster.coordinator();
    await add(coordinator, 'a', deliveries('a', 2));
    const [full, idle] = [cluster.worker(), cluster.worker()];
    const pool = new SlotPool(1, systemClock);
    const [a, b] = ['a', 'b'].map((jobStore) => new Held(full.backend, { pool, jobStore })) as [Held, Held];
    const other = new Held(idle.backend, { jobStore: 'b', concurrency: 20 });
    await Promise.all([a.consumer.start(), b.consumer.start(), other.consumer.start()]);
    await until(() => a.taken.length === 1);
    const tookMs: number[] = [];
    for (let round = 1; round <= 10; round++) {
      const began = performance.now();
      await add(coordinator, 'b', deliveries(`b${round}`, 1));
      await until(() => other.taken.length === round);
      tookMs.push(performance.now() - began);
    }
    // Otherwise a look every five seconds would have found each but the first.
    const [median = Number.NaN] = tookMs
      .slice(1)
      .sort((one, other) => one - other)
      .slice(4);
    expect(median).toBeLessThan(2_500);
    expect(b.taken).toEqual([]);
    expect(a.taken).toHaveLength(1);
  });

  test('a delivery that was given back is the first again', async () => {
    const { cluster, coordinator, a, b } = await oneSlotTaken(open(), 1);
    for (const one of deliveries('b', 5)) await add(coordinator, 'b', [one]);
    await cluster.pass(100);
    expect(b.taken).toEqual([]);
    a.finish();
    for (let count = 1; count <= 5; count++) {
      await until(() => b.taken.length === count);
      b.finish();
    }
    expect(b.ids).toEqual(deliveries('b', 5).map(({ id }) => id));
  });

  test('a queue under a global concurrency is asked again when its slot has gone to another job store', async () => {
    const cluster = open();
    const coordinator = cluster.coordinator();
    const { backend } = cluster.worker();
    const pool = new SlotPool(2, systemClock);
    const a = new Held(backend, { pool, jobStore: 'a', limits: { globalConcurrency: 1 } });
    const [b, c] = ['b', 'c'].map((jobStore) => new Held(backend, { pool, jobStore })) as [Held, Held];
    await add(coordinator, 'a', deliveries('a', 2));
    await Promise.all([a, b, c].map(({ consumer }) => consumer.start()));
    await until(() => a.taken.length === 1);
    // Consumer `a` has found nothing more and waits, though a slot is free.
    await cluster.pass(200);
    await add(coordinator, 'b', deliveries('b', 1));
    await until(() => b.taken.length === 1);
    await add(coordinator, 'c', deliveries('c', 1));
    await cluster.pass(200);
    await until(() => c.waits > 0);
    expect(c.taken).toEqual([]);
    a.finish();
    await until(() => c.taken.length === 1);
    expect(a.taken).toHaveLength(1);
    const began = performance.now();
    b.finish();
    await until(() => a.taken.length === 2);
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});
