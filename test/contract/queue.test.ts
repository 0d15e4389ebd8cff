import type { Delivery, QueueLimits } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { clusterContract, until } from '../support/contract.js';
import { Held } from '../support/held-deliveries.js';

const delivery = (id: string, executor = 'default', priority = 0): Delivery => ({
  id,
  executor,
  priority,
  runIds: [`run of ${id}`, 'ü "2"'],
});

/** The deliveries as a worker takes them. */
const taken = (deliveries: readonly Delivery[]) => deliveries.map((one) => ({ ...one, queuedAt: expect.any(Number) }));

clusterContract('the queues', (open) => {
  test('deliveries arrive as they were given, in order, as many at once as the concurrency says', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const held = new Held(cluster.worker().backend, { concurrency: 2 });
    const deliveries = ['d-1', 'd-2', 'd-3', 'd-4'].map((id) => delivery(id));
    expect(await queue.add(deliveries)).toEqual(deliveries.map(() => ({ status: 'queued' })));
    await held.consumer.start();
    await until(() => held.taken.length === 2);
    await cluster.pass(50);
    expect(held.taken).toEqual(taken(deliveries.slice(0, 2)));
    held.finish();
    await until(() => held.taken.length === 3);
    await cluster.pass(50);
    expect(held.taken).toEqual(taken(deliveries.slice(0, 3)));
    held.finish(2);
    await until(() => held.taken.length === 4);
    held.finish();
    await queue.close();
  });

  test('the lesser priority goes first; those of one priority in order', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const held = new Held(cluster.worker().backend);
    const order = [5, 1, 0, 2_097_151, 1, 0, 5];
    await queue.add(order.map((priority, index) => delivery(`d${index}`, 'default', priority)));
    await held.consumer.start();
    for (let count = 1; count <= order.length; count++) {
      await until(() => held.taken.length === count);
      held.finish();
    }
    expect(held.ids).toEqual(['d2', 'd5', 'd1', 'd4', 'd0', 'd6', 'd3']);
    expect(held.taken.map(({ priority }) => priority)).toEqual([0, 0, 1, 1, 5, 5, 2_097_151]);
    await queue.close();
  });

  test('what goes ahead goes before those that wait, the last of it first; of another priority, in order', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const held = new Held(cluster.worker().backend);
    const ahead = (id: string, priority = 0) => ({ ...delivery(id, 'default', priority), goesAhead: true });
    expect(await queue.waiting('default')).toBe(0);
    await queue.add([delivery('d1'), delivery('p1', 'default', 1), delivery('d2')]);
    await queue.add([ahead('a1'), ahead('p2', 1), ahead('a2'), delivery('d3')]);
    expect([await queue.waiting('default'), await queue.waiting('other')]).toEqual([5, 0]);
    await held.consumer.start();
    for (let count = 1; count <= 7; count++) {
      await until(() => held.taken.length === count);
      held.finish();
    }
    expect(held.ids).toEqual(['a2', 'a1', 'd1', 'd2', 'd3', 'p1', 'p2']);
    await queue.close();
  });

  test('what nothing could be done with is the first of its priority again, after a while', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const held = new Held(cluster.worker().backend);
    await queue.add([delivery('d1'), delivery('d2'), delivery('p1', 'default', 1), delivery('p2', 'default', 1)]);
    await held.consumer.start();
    for (const given of ['d1', 'p1']) {
      await until(() => held.ids.at(-1) === given);
      held.giveBack();
      const before = held.taken.length;
      await cluster.pass(300);
      expect(held.taken).toHaveLength(before);
      await cluster.pass(1_000);
      await until(() => held.holding === 1);
      held.finish();
      await until(() => held.holding === 1);
      held.finish();
    }
    expect(held.ids).toEqual(['d1', 'd1', 'd2', 'p1', 'p1', 'p2']);
    await queue.close();
  });

  test('each executor has its own queue, each delivery goes to one consumer', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const [a, b] = [0, 1].map(() => new Held(cluster.worker().backend, { concurrency: 3 }));
    const other = new Held(cluster.worker().backend, { executor: 'other', concurrency: 10 });
    const all = [a, b, other].filter((one) => one !== undefined);
    await Promise.all(all.map(({ consumer }) => consumer.start()));
    const ids = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6'];
    await queue.add([...ids.map((id) => delivery(id)), delivery('o1', 'other'), delivery('n1', 'nobody')]);
    await until(() => all.reduce((sum, { taken }) => sum + taken.length, 0) === 7);
    expect([...(a?.ids ?? []), ...(b?.ids ?? [])].sort()).toEqual(ids);
    expect([a?.ids.length, b?.ids.length, other.ids]).toEqual([3, 3, ['o1']]);
    await queue.close();
  });

  test('an id that is queued or taken already is not added again', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const held = new Held(cluster.worker().backend, { concurrency: 10 });
    await queue.add([delivery('d1'), delivery('d1')]);
    await held.consumer.start();
    await until(() => held.taken.length === 1);
    expect(await queue.add([delivery('d1'), delivery('d2')])).toEqual([{ status: 'queued' }, { status: 'queued' }]);
    await until(() => held.taken.length === 2);
    expect(held.ids).toEqual(['d1', 'd2']);
    await queue.close();
  });

  test('paused, nothing more is taken and what was taken goes on; closing waits for it', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const [held, second] = [new Held(cluster.worker().backend), new Held(cluster.worker().backend, { concurrency: 5 })];
    await held.consumer.start();
    await queue.add([delivery('d1')]);
    await until(() => held.taken.length === 1);
    await held.consumer.pause();
    let closed = false;
    const closing = held.consumer.close().then(() => {
      closed = true;
    });
    await queue.add([delivery('d2')]);
    await cluster.pass(100);
    expect([held.ids, closed]).toEqual([['d1'], false]);
    held.finish();
    await closing;
    await second.consumer.start();
    await until(() => second.taken.length === 1);
    expect([held.ids, second.ids]).toEqual([['d1'], ['d2']]);
    await queue.close();
  });

  test('a delivery whose worker shows no sign of life is given to another one; no other is', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const killed = cluster.worker();
    const leaseMs = 600;
    const [dead, alive] = [new Held(killed.backend, { leaseMs }), new Held(cluster.worker().backend, { leaseMs })];
    const spare = new Held(cluster.worker().backend, { leaseMs, concurrency: 5 });
    await Promise.all([dead.consumer.start(), alive.consumer.start()]);
    await queue.add([delivery('d1'), delivery('d2')]);
    await until(() => dead.taken.length + alive.taken.length === 2);
    await spare.consumer.start();
    killed.kill();
    dead.isDead = true;
    for (let waited = 0; spare.taken.length === 0 && waited < 120_000; waited += 100) await cluster.pass(100);
    expect(spare.ids).toEqual(dead.ids);
    await cluster.pass(3 * leaseMs);
    expect([dead.ids.length, alive.ids.length, spare.ids.length]).toEqual([1, 1, 1]);
    await queue.close();
  });

  /** Lets time pass until `holds` is true. Returns how long that took, ms. */
  async function passUntil(cluster: ReturnType<typeof open>, holds: () => boolean, limitMs = 120_000): Promise<number> {
    let waited = 0;
    for (; !holds(); waited += 20) {
      if (waited > limitMs) throw new Error('it did not begin to hold');
      await cluster.pass(20);
    }
    return waited;
  }

  const sum = (all: readonly Held[]) => all.reduce((count, { taken }) => count + taken.length, 0);

  test('a global concurrency holds over all consumers of an executor, and for this executor alone', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const limits = { globalConcurrency: 2 };
    const all = [0, 1].map(() => new Held(cluster.worker().backend, { concurrency: 5, limits }));
    const other = new Held(cluster.worker().backend, { concurrency: 5, executor: 'other' });
    await Promise.all([...all, other].map(({ consumer }) => consumer.start()));
    const ids = ['d1', 'd2', 'd3', 'd4', 'd5'];
    await queue.add([...ids.map((id) => delivery(id)), ...['o1', 'o2', 'o3'].map((id) => delivery(id, 'other'))]);
    await passUntil(cluster, () => sum(all) === 2 && other.taken.length === 3);
    await cluster.pass(300);
    expect(sum(all)).toBe(2);
    for (const done of [1, 2, 3]) {
      all.find(({ holding }) => holding > 0)?.finish();
      await passUntil(cluster, () => sum(all) === done + 2);
      await cluster.pass(100);
      expect(sum(all)).toBe(done + 2);
    }
    expect(all.flatMap((held) => held.ids).sort()).toEqual(ids);
    await queue.close();
  });

  test('what is left out of the limits stays as it was, null means none, and the last one wins', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const start = async (limits: QueueLimits) => {
      const held = new Held(cluster.worker().backend, { concurrency: 10, limits });
      await held.consumer.start();
      return held;
    };
    const leave = async (held: Held) => {
      await held.consumer.pause();
      held.finish(10);
      await held.consumer.close();
    };
    const fill = (name: string) => queue.add([1, 2, 3, 4].map((number) => delivery(`${name}${number}`)));
    const limited = await start({ globalConcurrency: 3 });
    await fill('a');
    await passUntil(cluster, () => limited.taken.length === 3);
    await leave(limited);
    const silent = await start({});
    await fill('b');
    await passUntil(cluster, () => silent.taken.length === 3);
    await cluster.pass(200);
    expect(silent.taken.length).toBe(3);
    await leave(silent);
    const narrower = await start({ globalConcurrency: 1 });
    await passUntil(cluster, () => narrower.taken.length === 1);
    await cluster.pass(200);
    expect(narrower.taken.length).toBe(1);
    await leave(narrower);
    const free = await start({ globalConcurrency: null });
    await fill('c');
    await passUntil(cluster, () => free.taken.length === 5);
    // There are twelve in all; the others took three, three and one.
    await cluster.pass(100);
    expect(free.taken.length).toBe(5);
    free.finish(10);
    await queue.close();
  });

  test('a rate limit bounds how many begin in a time, over all consumers; null means none', async () => {
    const cluster = open();
    const queue = cluster.coordinator().deliveryQueue('default');
    const limits = { rateLimit: { max: 2, durationMs: 1_000 } };
    const all = [0, 1].map(() => new Held(cluster.worker().backend, { concurrency: 5, limits }));
    await Promise.all(all.map(({ consumer }) => consumer.start()));
    await queue.add(['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8'].map((id) => delivery(id)));
    await passUntil(cluster, () => sum(all) === 2);
    await cluster.pass(400);
    // Neither is done. The limit is not on how many run at once: later ones run beside them.
    expect(sum(all)).toBe(2);
    await passUntil(cluster, () => sum(all) === 4);
    await cluster.pass(400);
    expect(sum(all)).toBe(4);
    await passUntil(cluster, () => sum(all) === 6);
    const free = new Held(cluster.worker().backend, { concurrency: 5, limits: { rateLimit: null } });
    await queue.add(['e1', 'e2', 'e3', 'e4'].map((id) => delivery(id)));
    await free.consumer.start();
    await passUntil(cluster, () => sum([...all, free]) === 12);
    await queue.close();
  });
});
