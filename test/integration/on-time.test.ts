import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Coordinator } from '@carillon/coordinator';
import { date, interval } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { Carillon } from 'carillon';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';

const silent = defaultLogger();
silent.level = 'silent';

/** Generous: the test proves that nothing waits for a poll, and the longest poll is a second. */
const LATE_MS = 500;

type OnOwnRedis = Awaited<ReturnType<typeof onOwnRedis>>;

/** How late something was each time, ms, and how long a run that waits for no fire time took meanwhile, ms. */
interface Measured {
  readonly late: readonly number[];
  readonly undelayed: readonly number[];
}

const ascending = (times: readonly number[]) => times.toSorted((one, other) => one - other);
const medianOf = (times: readonly number[]) => ascending(times)[times.length >> 1] ?? Number.NaN;

/** @param fire makes a job with this id fire at this instant, soon */
async function lateness(
  { carillon, events }: OnOwnRedis,
  rounds: number,
  fire: (id: string, at: number) => Promise<unknown>,
): Promise<Measured> {
  const late: number[] = [];
  const undelayed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const calledAt = Date.now();
    const run = await carillon.enqueue('now');
    undelayed.push((await run.result()) - calledAt);
    const at = Date.now() + 50;
    const id = `soon-${round}-${at}`;
    await fire(id, at);
    const { value } = await events.first('job_executed', ({ jobId }) => jobId === id);
    late.push(Number(value) - at);
  }
  return { late, undelayed };
}

/** Expects that half of the fires are almost on time. A busy machine also delays runs that wait for nothing. */
function expectOnTime({ late, undelayed }: Measured): void {
  const busyMs = Math.max(machineDelay().median, 3 * medianOf(undelayed));
  expect(medianOf(late), `late by ${late} ms; others took ${undelayed} ms`).toBeLessThan(LATE_MS / 5 + busyMs);
}

/**
 * How late timers of this process were meanwhile, ms, with nothing else to wait for: the machine may be busy. A fire passes
 * through several timers, processes and replies, and each may be as late.
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

/** How often scripts are called in about this time, and how long that time was. */
async function callsWhileIdle(
  redis: RedisServer,
  ms: number,
): Promise<{ readonly calls: number; readonly seconds: number }> {
  const [before, from] = [await scriptCalls(redis), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, ms));
  const calls = (await scriptCalls(redis)) - before;
  return { calls, seconds: (performance.now() - from) / 1_000 };
}

test('a job added for 50 ms from now fires on time, and nothing polls in between', async () => {
  const own = await onOwnRedis();
  const { redis, carillon } = own;
  const measured = await lateness(own, 20, (id, at) =>
    carillon.addJob({ id, task: 'now', trigger: date(new Date(at)) }),
  );
  const sorted = ascending(measured.late);
  console.info(`late by ${sorted[0]} to ${sorted.at(-1)} ms, median ${medianOf(sorted)} ms`);
  expect(sorted[0]).toBeGreaterThanOrEqual(-1);
  expectOnTime(measured);
  expect(sorted.at(-1)).toBeLessThan(LATE_MS + Math.max(machineDelay().most, 3 * Math.max(...measured.undelayed)));

  // An idle cluster calls a script for the leader's look each second, for redlock's extension and for the coordinator's report, and
  // for the worker's heartbeat each 1.7 s.
  const { calls, seconds } = await callsWhileIdle(redis, 10_000);
  console.info(`${calls} script calls in ${seconds.toFixed(1)} idle seconds`);
  expect(calls).toBeGreaterThan(5);
  expect(calls).toBeLessThan(6 * seconds);
});

test('a sooner job is not kept waiting by a later one, also where a job is moved', async () => {
  const own = await onOwnRedis();
  const { carillon, events } = own;
  await carillon.addJob({ id: 'later', task: 'now', trigger: interval('1h') });
  expectOnTime(await lateness(own, 10, (id, at) => carillon.addJob({ id, task: 'now', trigger: date(new Date(at)) })));
  const moved = await lateness(own, 10, async (id, at) => {
    await carillon.addJob({ id, task: 'now', trigger: interval('1h') });
    await carillon.modifyJob(id, { nextRunTime: new Date(at) });
  });
  expectOnTime(moved);
  await events.upToDate();
  expect(events.of('job_executed').filter(({ jobId }) => jobId === 'later')).toEqual([]);
  for (const { jobId, scheduledRunTime } of events.of('job_executed'))
    if (jobId) expect(jobId).toMatch(new RegExp(`-${scheduledRunTime.getTime()}$`));
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
  const { calls, seconds } = await callsWhileIdle(redis, 6_000);
  await Promise.all(coordinators.map((coordinator) => coordinator.shutdown()));
  expect(calls).toBeGreaterThanOrEqual(3);
  // There are six looks, and the standby's attempt to lock each five seconds.
  expect(calls).toBeLessThan(2 * seconds);
});
