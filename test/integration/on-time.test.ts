import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Coordinator } from '@carillon/coordinator';
import { date, interval } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { Carillon } from 'carillon';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ask } from '../../packages/carillon/src/local-redis/ping.js';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';

const silent = defaultLogger();
silent.level = 'silent';

/** Generous: what is proven is that nothing waits for a poll, the longest of which is a second. */
const LATE_MS = 500;

/**
 * How late timers of this process were meanwhile, with nothing else to wait for, in ms: the machine may be busy. A fire passes
 * through several timers, processes and answers, each of which may be as late.
 */
function machineDelay(): { readonly median: number; readonly most: number } {
  return { median: (HOPS * delays.percentile(50)) / 1e6, most: (HOPS * delays.max) / 1e6 };
}

const HOPS = 6;
const delays = monitorEventLoopDelay({ resolution: 5 });
beforeEach(() => {
  delays.reset();
  delays.enable();
});
afterEach(() => void delays.disable());

async function onOwnRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const carillon = new Carillon({ redis: redis.url, logger: silent, tasks: { now: () => Date.now() } });
  const events = await captureEvents(carillon);
  await carillon.start();
  await events.first('leader_elected');
  return { redis, carillon, events };
}

/** How often scripts were called, by any client. */
async function scriptCalls({ url }: RedisServer): Promise<number> {
  const stats = (await ask(url, ['INFO', 'commandstats'])) ?? '';
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

test('a job added for 50 ms from now fires on time, and nothing polls in between', async () => {
  const { redis, carillon, events } = await onOwnRedis();
  const late: number[] = [];
  for (let round = 0; round < 20; round++) {
    const at = Date.now() + 50;
    await carillon.addJob({ id: `soon-${round}`, task: 'now', trigger: date(new Date(at)) });
    const { value } = await events.first('job_executed', ({ jobId }) => jobId === `soon-${round}`);
    late.push(Number(value) - at);
  }
  const sorted = late.toSorted((a, b) => a - b);
  console.info(`late by ${sorted[0]} to ${sorted.at(-1)} ms, median ${sorted[10]} ms`);
  expect(sorted[0]).toBeGreaterThanOrEqual(-1);
  const delay = machineDelay();
  expect(sorted[10]).toBeLessThan(LATE_MS / 5 + delay.median);
  expect(sorted.at(-1)).toBeLessThan(LATE_MS + delay.most);

  // An idle cluster: a second's look of the leader, redlock's extension, and what the coordinator shows of itself; a heartbeat
  // of the worker each 1.7 s.
  const before = await scriptCalls(redis);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const calls = (await scriptCalls(redis)) - before;
  console.info(`${calls} script calls in 10 idle seconds`);
  expect(calls).toBeGreaterThan(5);
  expect(calls).toBeLessThan(60);
});

test('a sooner job is not kept waiting by a later one', async () => {
  const { carillon, events } = await onOwnRedis();
  await carillon.addJob({ id: 'later', task: 'now', trigger: date(new Date(Date.now() + 900)) });
  const at = Date.now() + 100;
  await carillon.addJob({ id: 'sooner', task: 'now', trigger: date(new Date(at)) });
  const { value } = await events.first('job_executed', ({ jobId }) => jobId === 'sooner');
  expect(Number(value) - at).toBeLessThan(LATE_MS + machineDelay().most);
  await events.upToDate();
  expect(events.of('job_executed').map(({ jobId }) => jobId)).toEqual(['sooner']);

  await carillon.addJob({ id: 'moved', task: 'now', trigger: interval('1h') });
  const sooner = Date.now() + 50;
  await carillon.modifyJob('moved', { nextRunTime: new Date(sooner) });
  const moved = await events.first('job_executed', ({ jobId }) => jobId === 'moved');
  expect(Number(moved.value) - sooner).toBeLessThan(LATE_MS + machineDelay().most);
  expect(moved.scheduledRunTime).toEqual(new Date(sooner));
});

test('an idle leader looks at its job store once a second', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const lease = '60s';
  const coordinators = [
    new Coordinator({ redis: redis.url, logger: silent, lease }),
    new Coordinator({ redis: redis.url, logger: silent, lease }),
  ];
  await Promise.all(coordinators.map((coordinator) => coordinator.start()));
  const leading = () => coordinators.filter((one) => one.health().jobStores.default?.epoch).length;
  await eventually(() => expect(leading()).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await scriptCalls(redis);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const calls = (await scriptCalls(redis)) - before;
  await Promise.all(coordinators.map((coordinator) => coordinator.shutdown()));
  expect(calls).toBeGreaterThanOrEqual(3);
  // Six looks; and the standby's lock attempt each five seconds.
  expect(calls).toBeLessThan(12);
});
