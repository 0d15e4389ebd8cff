import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { FireAccount } from '../../support/fire-account.js';
import { sweep } from '../../support/sweep.js';

const logger = defaultLogger();
logger.level = 'silent';

const STORES = ['s0', 's1', 's2', 's3'];
const LEASE_MS = 3_000;
/** How long the cluster stays unchanged. */
const LONG = sweep('10s', '10m');
/** How often a coordinator joins and another one goes. At least one is killed, and one is shut down. */
const TIMES = sweep(2, 4);
/** With an `onStep`, the clock leaves out no time. */
const KEPT_UP = { onStep: () => {} };

async function world(jobStores = STORES) {
  const clock = new VirtualClock();
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => events.push(event));
  const elections = () => events.filter(({ type }) => type === 'leader_elected').length;

  async function coordinator(stores = jobStores, connected: Parameters<typeof cluster.connect>[0] = KEPT_UP) {
    const backend = cluster.connect(connected);
    const coordinator = new Coordinator({ backend, logger, jobStores: stores });
    await coordinator.start();
    const leads = () =>
      Object.entries(coordinator.health().jobStores).flatMap(([alias, { epoch }]) => (epoch === null ? [] : alias));
    return { coordinator, backend, leads };
  }

  return { clock, cluster, scheduler, events, elections, coordinator };
}

test('a coordinator that comes later soon has its share, and then nothing changes any more', async () => {
  const { clock, coordinator, elections, events } = await world();
  const first = await coordinator();
  await clock.advance('10s');
  expect(first.leads()).toEqual(STORES);
  const second = await coordinator();
  await clock.advance('4s');
  expect([first.leads().length, second.leads().length]).toEqual([2, 2]);
  expect(elections()).toBe(6);
  expect(events.filter(({ type }) => type === 'leader_lost')).toMatchObject([
    { jobStore: 's0', coordinatorId: first.coordinator.id, reason: 'handed_over' },
    { jobStore: 's1', coordinatorId: first.coordinator.id, reason: 'handed_over' },
  ]);
  const third = await coordinator();
  await clock.advance('4s');
  const shares = [first, second, third].map(({ leads }) => leads().length);
  expect(shares.toSorted()).toEqual([1, 1, 2]);
  expect(elections()).toBe(7);
  await clock.advance(LONG);
  expect(elections()).toBe(7);
});

test('a job store is handed over at once: no coordinator waits for a lease', async () => {
  const { clock, coordinator, events } = await world();
  await coordinator();
  await clock.advance('10s');
  await coordinator();
  await clock.advance('5s');
  const lost = events.filter(({ type }) => type === 'leader_lost');
  expect(lost).toHaveLength(2);
  for (const { jobStore, at } of lost) {
    const next = events.find(
      (event) => event.type === 'leader_elected' && event.jobStore === jobStore && event.at >= at,
    );
    expect(Number(next?.at) - Number(at)).toBeLessThan(10);
  }
});

test('the survivor leads all within the lease, is not given back what a dead one led, and shares with the next', async () => {
  const { clock, coordinator, elections } = await world();
  const first = await coordinator();
  const second = await coordinator();
  await clock.advance('10s');
  expect([first.leads().length, second.leads().length]).toEqual([2, 2]);
  const before = elections();
  second.backend.kill();
  await clock.advance(LEASE_MS + 500);
  expect(first.leads()).toEqual(STORES);
  expect(elections()).toBe(before + 2);
  await clock.advance('1m');
  expect(elections()).toBe(before + 2);
  const third = await coordinator();
  await clock.advance('4s');
  expect([first.leads().length, third.leads().length]).toEqual([2, 2]);
});

test('a coordinator that shuts down leaves its job stores to the others at once', async () => {
  const { clock, coordinator } = await world();
  const all = [await coordinator(), await coordinator(), await coordinator()];
  await clock.advance('15s');
  const [first, second, third] = all.map(({ leads }) => leads().length);
  expect([first, second, third].toSorted()).toEqual([1, 1, 2]);
  await all[0]?.coordinator.shutdown();
  await clock.advance(0);
  expect((all[1]?.leads().length ?? 0) + (all[2]?.leads().length ?? 0)).toBe(4);
  await clock.advance('5s');
  expect([all[1]?.leads().length, all[2]?.leads().length]).toEqual([2, 2]);
});

test('a coordinator that shuts down is not given back what it left', async () => {
  const { clock, coordinator, elections } = await world();
  const [first, second] = [await coordinator(), await coordinator()];
  await clock.advance('10s');
  const before = elections();
  await second.coordinator.shutdown();
  await clock.advance(0);
  expect(first.leads()).toEqual(STORES);
  await clock.advance('1m');
  expect(elections()).toBe(before + 2);
});

test('a leader leaves what it has handed over alone for a moment, also where the heir does not hear of it', async () => {
  const { clock, coordinator } = await world();
  const first = await coordinator(STORES, {
    onStep: ({ call }) => {
      if (call === 'endTerm') throw new Error('not reported');
    },
  });
  await clock.advance('10s');
  const second = await coordinator();
  let aloneMs = 0;
  for (let waitedMs = 0; waitedMs < 3_000; waitedMs += 50) {
    await clock.advance(50);
    if (first.leads().length === 3 && second.leads().length === 0) aloneMs += 50;
  }
  expect(aloneMs).toBeGreaterThan(900);
  expect(aloneMs).toBeLessThan(1_100);
  expect(first.leads().length + second.leads().length).toBe(4);
});

test('many that start at the same time share alike', async () => {
  const jobStores = Array.from({ length: sweep(4, 20) }, (_, index) => `s${String(index).padStart(2, '0')}`);
  const { clock, coordinator, elections } = await world(jobStores);
  const all = await Promise.all(Array.from({ length: 4 }, () => coordinator()));
  await clock.advance('30s');
  expect(all.map(({ leads }) => leads().length)).toEqual(Array(4).fill(jobStores.length / 4));
  const then = elections();
  await clock.advance(LONG);
  expect(elections()).toBe(then);
});

test('those who contend for different job stores are at rest in the end, too', async () => {
  const { clock, coordinator, elections } = await world(['a', 'b', 'c', 'd']);
  const wide = await coordinator(['b', 'c', 'd']);
  await clock.advance('5s');
  const narrow = await coordinator(['a', 'b']);
  await clock.advance('15s');
  expect([narrow.leads(), wide.leads()]).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  const then = elections();
  await clock.advance(LONG);
  expect(elections()).toBe(then);
});

test('an heir that does not lead is left out for a while, and its job store is led on', async () => {
  const { clock, coordinator, elections } = await world();
  const first = await coordinator();
  await clock.advance('5s');
  // It shows that it is alive, but never gets a lock.
  const deaf = await coordinator(STORES, {
    onStep: ({ call }) => {
      if (call === 'acquire') throw new Error('no lock');
    },
  });
  await clock.advance('20s');
  expect([first.leads(), deaf.leads()]).toEqual([STORES, []]);
  expect(elections()).toBe(5);
  await clock.advance('20s');
  expect(elections()).toBe(6);
});

test('a job store that is added or removed while running is shared, too', async () => {
  const { clock, coordinator } = await world(['a', 'b']);
  const all = [await coordinator(), await coordinator()];
  await clock.advance('5s');
  expect(all.map(({ leads }) => leads().length)).toEqual([1, 1]);
  for (const { coordinator } of all) await Promise.all([coordinator.addJobStore('c'), coordinator.addJobStore('d')]);
  await clock.advance('10s');
  expect(all.map(({ leads }) => leads().length)).toEqual([2, 2]);
  const [alias = ''] = all[0]?.leads() ?? [];
  await all[0]?.coordinator.removeJobStore(alias);
  await clock.advance(0);
  expect(all[1]?.leads()).toContain(alias);
  await clock.advance('10s');
  expect(all.map(({ leads }) => leads().length)).toEqual([2, 2]);
  expect(all[1]?.leads()).toContain(alias);
});

test('every fire time is executed once while job stores go from hand to hand', async () => {
  const { clock, cluster, scheduler, events, coordinator, elections } = await world();
  const worker = new Worker({
    backend: cluster.connect(),
    logger,
    jobStores: STORES,
    tasks: { 'every.500': () => {} },
  });
  await worker.start();
  const trigger = interval('500ms');
  // The account knows jobs only by their ids.
  for (const jobStore of STORES) {
    await scheduler.addJob({ id: `j-${jobStore}`, task: 'every.500', jobStore, trigger, coalesce: false });
  }
  const all = [await coordinator()];
  for (let time = 0; time < TIMES; time++) {
    await clock.advance('7300ms');
    all.push(await coordinator());
    await clock.advance('5s');
    if (time % 2 === 0) all.shift()?.backend.kill();
    else await all.shift()?.coordinator.shutdown();
  }
  await clock.advance('20s');
  expect(elections()).toBeGreaterThan(4 + 2 * TIMES);
  for (const jobStore of STORES) await scheduler.removeJob(`j-${jobStore}`, { jobStore });
  await clock.advance('1s');
  const account = new FireAccount(events);
  expect([account.faults, account.owed]).toEqual([[], []]);
  expect(account.counts.error).toBe(0);
  expect(account.counts.coalesced).toBe(0);
  expect(account.counts.missed).toBe(0);
  // TIMES × (7.3 + 5) s and 20 s, two fires a second in each of four job stores.
  expect(account.counts.executed + account.counts.maxInstances).toBe(4 * Math.floor((TIMES * 12_300 + 20_000) / 500));
});
