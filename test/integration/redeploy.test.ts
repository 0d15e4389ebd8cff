import { cron, date, interval, Scheduler } from '@carillon/core';
import type { Delivery } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { Leader } from '../../packages/coordinator/src/leader.js';
import { captureEvents } from '../support/captured-events.js';
import { newScheduler, Stored, silent } from '../support/in-process.js';

const HOUR = 3_600_000;
const TEN = Array.from({ length: 10 }, (_, index) => index);

/** A scheduler and a leader that see the time a test sets. Deliveries are kept, and no worker runs them. */
async function withClock(start: string) {
  let time = Date.parse(start);
  const stored = new Stored(undefined, () => time);
  const { backend } = stored;
  const scheduler = new Scheduler({ backend, logger: silent });
  const deliveries: Delivery[] = [];
  const queue = {
    add: async (given: readonly Delivery[]) => {
      deliveries.push(...given);
      return given.map(() => ({ status: 'queued' }) as const);
    },
    waiting: async () => 0,
    close: async () => {},
  };
  const { terms } = backend.jobStore('default');
  const parts = { jobStore: 'default', terms, queue, clock: backend.clock, chance: backend.chance };
  const leader = new Leader({ ...parts, report: () => {}, leaseMs: 1e9 });
  await backend.client.set(backend.keys('default').leader, 'lock');
  const epoch = await terms.beginTerm({ lock: 'lock', coordinatorId: 'c' });
  const events = await captureEvents(scheduler);
  // The reaper looks once and finds nothing: these deliveries are in no queue that it could find.
  await leader.tick(epoch ?? 0);
  return {
    stored,
    scheduler,
    events,
    deliveries,
    /** Moves the clock and lets the leader do what is due then. */
    async at(ms: number) {
      time = ms;
      for (let sleep = 0; sleep === 0; ) sleep = await leader.tick(epoch ?? 0);
    },
    get now() {
      return time;
    },
  };
}

test('ten replicas that add an equal job at once change nothing', async () => {
  const { prefix } = new Stored();
  const replicas = TEN.map(() => newScheduler(prefix));
  const [first = newScheduler(prefix)] = replicas;
  const events = await captureEvents(first);
  const every = interval({ minutes: 10, jitter: '30s' });
  // Ten triggers in two spellings, which mean the same.
  const spellings = TEN.map((index) => (index % 2 ? interval({ seconds: 600, jitter: 30_000 }) : every));
  const spec = (index: number) => ({
    id: 'job',
    task: 'ping',
    replaceExisting: true,
    trigger: spellings[index] ?? every,
  });

  const added = await Promise.all(replicas.map((replica, index) => replica.addJob(spec(index))));
  expect(new Set(added.map(({ nextRunTime }) => nextRunTime?.getTime())).size).toBe(1);
  const before = await first.getJob('job');
  for (let round = 0; round < 5; round++) {
    await Promise.all(replicas.map((replica, index) => replica.addJob(spec(index + 1))));
  }
  expect(await first.getJob('job')).toEqual(before);
  await events.upToDate();
  expect(events.all.filter(({ type }) => type !== 'job_added')).toEqual([]);
  expect(events.of('job_added')).toHaveLength(1);

  await first.pauseJob('job');
  await Promise.all(replicas.map((replica, index) => replica.addJob(spec(index))));
  expect(await first.getJob('job')).toMatchObject({ paused: true, nextRunTime: null });
  await first.addJob({ id: 'last', task: 'ping' });
  await events.first('job_added', ({ jobId }) => jobId === 'last');
  await events.upToDate();
  expect(events.all.map(({ type }) => type)).toEqual(['job_added', 'job_paused', 'job_added']);
});

test('ten replicas that add another trigger at once reschedule it once for all', async () => {
  const { prefix } = new Stored();
  const replicas = TEN.map(() => newScheduler(prefix));
  const [first = newScheduler(prefix)] = replicas;
  await first.addJob({ id: 'job', task: 'ping', replaceExisting: true, trigger: interval('10m') });
  const events = await captureEvents(first);
  const trigger = interval('20m');
  const spec = { id: 'job', task: 'ping', replaceExisting: true, trigger };
  const added = await Promise.all(replicas.map((replica) => replica.addJob(spec)));
  expect(new Set(added.map(({ nextRunTime }) => nextRunTime?.getTime())).size).toBe(1);
  await first.addJob({ id: 'last', task: 'ping' });
  await events.first('job_added', ({ jobId }) => jobId === 'last');
  await events.upToDate();
  expect(events.all.map(({ type }) => type)).toEqual(['job_modified', 'job_added']);
  expect(await first.getJob('job')).toMatchObject({ trigger, nextRunTime: added[0]?.nextRunTime });
});

test('a new version of a deploy changes arguments and policy, but not when the job fires', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  const spec = { id: 'job', task: 'ping', replaceExisting: true, trigger: cron('0 9 * * 1-5') };
  const before = await scheduler.addJob({ ...spec, args: ['v1'] });
  const events = await captureEvents(scheduler);
  const changed = await scheduler.addJob({ ...spec, args: ['v2'], maxInstances: 3 });
  expect(changed).toMatchObject({ args: ['v2'], maxInstances: 3, nextRunTime: before.nextRunTime });
  await events.first('job_modified');
  // The same zone, set and by default.
  await scheduler.addJob({ ...spec, args: ['v2'], maxInstances: 3, trigger: cron('0 9 * * 1-5', { timezone: 'UTC' }) });
  expect(await scheduler.getJob('job')).toMatchObject({ nextRunTime: before.nextRunTime });
  const elsewhere = cron('0 9 * * 1-5', { timezone: 'Asia/Tokyo' });
  const moved = await scheduler.addJob({ ...spec, args: ['v2'], maxInstances: 3, trigger: elsewhere });
  expect(moved.nextRunTime).not.toEqual(before.nextRunTime);
});

test('a daily interval that is added again each hour fires daily', async () => {
  const start = Date.parse('2026-03-01T00:30:00Z');
  const clock = await withClock('2026-03-01T00:30:00Z');
  const { scheduler, events } = clock;
  const spec = { id: 'daily', task: 'ping', trigger: interval({ days: 1 }), replaceExisting: true, maxInstances: 100 };
  for (let hour = 0; hour <= 10 * 24; hour++) {
    await clock.at(start + hour * HOUR);
    await scheduler.addJob(spec);
  }
  await scheduler.addJob({ id: 'last', task: 'ping', nextRunTime: null });
  await events.first('job_added', ({ jobId }) => jobId === 'last');
  await events.upToDate();
  const fired = events.of('job_submitted').flatMap(({ scheduledRunTimes }) => scheduledRunTimes.map(Number));
  expect(fired).toEqual(Array.from({ length: 10 }, (_, day) => start + (day + 1) * 24 * HOUR));
  expect(clock.deliveries).toHaveLength(10);
  expect(events.of('job_modified')).toEqual([]);
  expect(events.of('job_missed')).toEqual([]);
  expect(events.of('job_added')).toHaveLength(2);
});

test('a deploy keeps a fire that is owed', async () => {
  const clock = await withClock('2026-03-01T00:00:00Z');
  const { scheduler, events } = clock;
  const spec = { id: 'job', task: 'ping', trigger: interval('1h'), replaceExisting: true };
  await scheduler.addJob(spec);
  await scheduler.pause();
  await clock.at(clock.now + 5 * HOUR);
  await scheduler.addJob(spec);
  await scheduler.resume();
  await clock.at(clock.now);
  const { scheduledRunTimes, coalesced } = await events.first('job_submitted');
  expect(scheduledRunTimes).toEqual([new Date('2026-03-01T05:00Z')]);
  expect(coalesced).toEqual({ first: new Date('2026-03-01T01:00Z'), last: new Date('2026-03-01T04:00Z') });
});

test('a date that has fired does not run again when it is added again; removed and added again it does', async () => {
  const clock = await withClock('2026-03-01T00:00:00Z');
  const { scheduler, events, stored } = clock;
  const spec = { id: 'once', task: 'ping', trigger: date('2026-03-01T01:00Z'), replaceExisting: true, maxInstances: 9 };
  await scheduler.addJob(spec);
  await clock.at(clock.now + HOUR);
  await events.count('job_submitted', 1);
  await Promise.all(TEN.map(() => scheduler.addJob(spec)));
  expect(await scheduler.addJob(spec)).toMatchObject({ finished: true, nextRunTime: null, paused: false });
  expect(await scheduler.getJob('once')).toBeUndefined();
  await clock.at(clock.now + HOUR);
  expect(clock.deliveries).toHaveLength(1);

  const ttl = await stored.backend.client.pttl(`${stored.backend.keys('default').tomb}once`);
  expect(ttl).toBeGreaterThan(6.9 * 24 * HOUR);
  expect(ttl).toBeLessThanOrEqual(7 * 24 * HOUR);

  await scheduler.removeJob('once');
  await scheduler.addJob(spec);
  await clock.at(clock.now);
  await events.count('job_submitted', 2);
  expect(clock.deliveries).toHaveLength(2);

  // Another date under the same id is another job.
  await scheduler.addJob({ ...spec, trigger: date(new Date(clock.now + HOUR)) });
  expect(await scheduler.getJob('once')).toMatchObject({ nextRunTime: new Date(clock.now + HOUR) });
});
