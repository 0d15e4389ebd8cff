import { interval } from '@carillon/core';
import { currentRun } from '@carillon/worker';
import { Carillon } from 'carillon';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { failure, newScheduler, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

const every = { task: 'note', trigger: interval('100ms') } as const;

/** Starts a Carillon whose task counts its runs in each job store. */
async function running() {
  const stored = new Stored();
  const ran = new Map<string, number>();
  const tasks = {
    note: () => {
      const { jobStore } = currentRun();
      ran.set(jobStore, (ran.get(jobStore) ?? 0) + 1);
    },
  };
  const carillon = new Carillon({ redis: redisUrl(), prefix: stored.prefix, logger: silent, tasks });
  onTestFinished(() => carillon.shutdown({ timeout: '5s' }));
  const events = await captureEvents(carillon);
  await carillon.start();
  const times = (jobStore: string) => ran.get(jobStore) ?? 0;
  const more = async (jobStore: string, count: number) => {
    const wanted = times(jobStore) + count;
    await eventually(() => expect(times(jobStore)).toBeGreaterThanOrEqual(wanted));
  };
  return { carillon, events, stored, times, more };
}

async function otherRedis(): Promise<RedisServer> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return server;
}

/** The number of connections to a server, without the one that asks. */
async function connections(redis: string): Promise<number> {
  const list = await ask(redis, ['CLIENT', 'LIST']);
  return String(list).trim().split('\n').length - 1;
}

test('a job store that was added to a running Carillon fires, until it is removed; the other goes on', async () => {
  const { carillon, events, stored, times, more } = await running();
  await carillon.addJob({ id: 'here', ...every });
  await carillon.addJobStore('late');
  expect(await events.first('jobstore_added')).toMatchObject({ jobStore: 'late' });
  expect(carillon.health()).toMatchObject({
    coordinator: { jobStores: { default: {}, late: {} } },
    worker: { jobStores: ['default', 'late'] },
  });
  await carillon.addJob({ id: 'there', jobStore: 'late', ...every });
  await more('late', 3);
  await more('default', 3);
  await events.first('leader_elected', ({ jobStore }) => jobStore === 'late');

  await carillon.removeJobStore('late');
  const then = times('late');
  expect(await events.first('jobstore_removed')).toMatchObject({ jobStore: 'late' });
  expect(await events.first('leader_lost')).toMatchObject({ jobStore: 'late', reason: 'shutdown' });
  await more('default', 10);
  expect(times('late')).toBe(then);
  expect(await failure(() => carillon.getJob('there', { jobStore: 'late' }))).toMatchObject({
    code: 'UNKNOWN_JOB_STORE',
  });
  // No coordinator holds it, no worker is in it, and its job stays.
  const { backend } = stored;
  expect(await backend.client.exists(backend.keys('late').leader, backend.keys('late').workers)).toBe(0);
  const scheduler = newScheduler(stored.prefix, { jobStores: ['late'] });
  expect(await scheduler.getJob('there', { jobStore: 'late' })).toMatchObject({ id: 'there', paused: false });

  await carillon.addJobStore('late');
  await more('late', 3);
  expect(await failure(() => carillon.addJobStore('late'))).toMatchObject({ code: 'JOB_STORE_EXISTS' });
  await more('late', 3);
});

test('a job store may be in another Redis than the others', async () => {
  const { carillon, events, stored, times, more } = await running();
  const other = await otherRedis();
  const before = await connections(other.url);
  await carillon.addJob({ id: 'here', ...every });
  await carillon.addJobStore('far', { redis: { host: '127.0.0.1', port: other.port } });
  expect(await connections(other.url)).toBeGreaterThan(before);
  await carillon.addJob({ id: 'there', jobStore: 'far', ...every });
  await more('far', 3);
  await more('default', 3);
  expect(await events.first('job_executed', ({ jobStore }) => jobStore === 'far')).toMatchObject({ jobId: 'there' });
  expect((await stored.keys()).filter((key) => key.includes(':far}'))).toEqual([]);
  expect(await ask(other.url, ['HEXISTS', `{${stored.prefix}:far}:jobs`, 'there'])).toBe('1');
  expect(await ask(other.url, ['SISMEMBER', `${stored.prefix}:stores`, 'far'])).toBe('1');

  await carillon.removeJobStore('far');
  expect(await events.first('jobstore_removed')).toMatchObject({ jobStore: 'far' });
  const then = times('far');
  await more('default', 10);
  expect(times('far')).toBe(then);
  // The connections that were opened for it are closed, also by a shutdown.
  await eventually(async () => expect(await connections(other.url)).toBe(before));
  await carillon.addJobStore('far', { redis: other.url });
  await more('far', 3);
  await carillon.shutdown();
  await eventually(async () => expect(await connections(other.url)).toBe(before));
  expect(events.incomplete).toEqual([]);
});

test('a job store whose Redis is lost disturbs the others neither while it is there nor when it is removed', async () => {
  const { carillon, times, more } = await running();
  const other = await otherRedis();
  await carillon.addJobStore('far', { redis: other.url });
  await carillon.addJobs([
    { id: 'here', ...every },
    { id: 'there', jobStore: 'far', ...every },
  ]);
  await more('far', 3);
  await other.stop();
  const then = times('far');
  await more('default', 10);
  expect(await failure(() => carillon.removeJobStore('far'))).toMatchObject({ code: 'CONNECTION' });
  expect(carillon.health()).toMatchObject({ worker: { jobStores: ['default'] } });
  expect(await failure(() => carillon.removeJobStore('far'))).toMatchObject({ code: 'UNKNOWN_JOB_STORE' });
  await more('default', 10);
  expect(times('far')).toBeLessThanOrEqual(then + 1);
});

test('what ended in a job store whose Redis is lost takes no slot from the others', async () => {
  const { prefix } = new Stored();
  const other = await otherRedis();
  let started = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const tasks = {
    hold: async () => {
      started += 1;
      await finished;
    },
    echo: (text: string) => text,
  };
  const executors = { default: { concurrency: 3 } };
  const carillon = new Carillon({ redis: redisUrl(), prefix, logger: silent, executors, tasks, lease: '1m' });
  onTestFinished(() => carillon.shutdown({ timeout: '1s' }));
  await carillon.start();
  await carillon.addJobStore('far', { redis: other.url });
  for (let run = 0; run < 6; run++) await carillon.enqueue('hold', [], { jobStore: 'far' });
  await eventually(() => expect(started).toBe(3));
  await other.kill();
  const runs = await Promise.all(['a', 'b', 'c', 'd'].map((text) => carillon.enqueue('echo', [text])));
  finish();
  expect(await Promise.all(runs.map((run) => run.result({ timeout: '2m' })))).toEqual(['a', 'b', 'c', 'd']);
  expect(carillon.health().worker.running).toBe(3);
  await other.start();
  await eventually(() => expect(carillon.health().worker.running).toBe(0));
});

test('a worker has one concurrency over all its job stores, and a backlog in one does not starve another', async () => {
  const { prefix } = new Stored();
  const jobStores = ['busy', 'calm'];
  const ran: { readonly jobStore: string; readonly together: number }[] = [];
  let running = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const hold = () => gate;
  const work = async () => {
    running += 1;
    ran.push({ jobStore: currentRun().jobStore, together: running });
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
  };
  const executors = { default: { concurrency: 3 } };
  const carillon = new Carillon({
    redis: redisUrl(),
    prefix,
    logger: silent,
    jobStores,
    executors,
    tasks: { hold, work },
  });
  onTestFinished(() => carillon.shutdown({ timeout: '5s' }));
  const events = await captureEvents(carillon);
  await carillon.start();
  // All slots are taken until all runs of both job stores are in their queues.
  const held = await Promise.all(jobStores.map((jobStore) => carillon.enqueue('hold', [], { jobStore })));
  held.push(await carillon.enqueue('hold', [], { jobStore: 'busy' }));
  await events.count('job_started', held.length);
  const jobs = (jobStore: string, count: number) =>
    Array.from({ length: count }, () => ({ task: 'work' as const, jobStore }));
  await carillon.addJobs([...jobs('busy', 90), ...jobs('calm', 30)]);
  for (const jobStore of jobStores)
    await eventually(async () =>
      expect(await carillon.inspect({ jobStore })).toMatchObject({ counts: { jobs: 0, outbox: 0 } }),
    );
  expect(ran).toEqual([]);
  open();
  await events.count('job_executed', held.length + 120);

  expect(Math.max(...ran.map(({ together }) => together))).toBe(3);
  // While both wait they have equal shares: when the calm one is done, the busy one has hardly half of its runs done.
  const last = ran.findLastIndex(({ jobStore }) => jobStore === 'calm');
  const busyUntilThen = ran.slice(0, last).filter(({ jobStore }) => jobStore === 'busy').length;
  expect(busyUntilThen).toBeGreaterThan(15);
  expect(busyUntilThen).toBeLessThan(60);
});

test('what is wrong with a job store is said before anything changes', async () => {
  const { carillon, events, stored, more } = await running();
  const keys = () => stored.keys();
  const before = (await keys()).filter((key) => !key.includes(':default}'));
  const nobody = 'redis://127.0.0.1:1';
  for (const [alias, options, code, message] of [
    ['a:b', {}, 'INVALID_JOB', /is not an alias/],
    ['', {}, 'INVALID_JOB', /is not an alias/],
    ['x', null, 'INVALID_OPTIONS', /not an object/],
    ['x', { url: nobody }, 'INVALID_OPTIONS', /unknown option url; known are redis/],
    ['x', { backend: stored.backend }, 'INVALID_OPTIONS', /unknown option backend/],
    ['x', { redis: '127.0.0.1:6379' }, 'INVALID_OPTIONS', /is not a Redis URL/],
    ['x', { redis: null }, 'INVALID_OPTIONS', /redis: give a URL/],
    ['x', { redis: nobody }, 'CONNECTION', /127\.0\.0\.1:1 did not answer/],
    ['default', {}, 'JOB_STORE_EXISTS', /is here already/],
  ] as const) {
    const thrown = await failure(() => carillon.addJobStore(alias, options as never));
    expect(thrown, `${alias} ${JSON.stringify(options)}`).toMatchObject({ code });
    expect(thrown.message).toMatch(message);
    expect(Object.keys(carillon.health().coordinator.jobStores)).toEqual(['default']);
    expect(carillon.health().worker.jobStores).toEqual(['default']);
  }
  expect((await keys()).filter((key) => !key.includes(':default}'))).toEqual(before);
  await events.upToDate();
  expect(events.of('jobstore_added')).toEqual([]);
  // The alias of the unreachable job store is free, and the existing job store still works.
  await carillon.addJobStore('x');
  await carillon.addJobs([
    { id: 'here', ...every },
    { id: 'there', jobStore: 'x', ...every },
  ]);
  await more('default', 3);
  await more('x', 3);
});
