import { interval, Scheduler } from '@carillon/core';
import { reportTo } from '@carillon/core/internal';
import { currentRun } from '@carillon/worker';
import { Carillon } from 'carillon';
import { expect, onTestFinished, test } from 'vitest';
import { TcpProxy } from '../chaos/tcp-proxy.js';
import { eventually } from '../support/eventually.js';
import { BACK, fastClock, LOST, RecordedLog, STILL_GONE } from '../support/outages.js';
import { ownPrefix, redisUrl } from '../support/redis.js';

/** Each outage counts as this many times as long. Not more: a connection that takes 3 s of this time to be made is lost. */
const TIMES = 2;

function recorded(): RecordedLog {
  const log = new RecordedLog();
  // The clock of the first `reportTo` of a logger times its outages.
  reportTo(log.logger, fastClock(TIMES));
  return log;
}

async function proxied() {
  const proxy = new TcpProxy(Number(new URL(redisUrl()).port));
  const redis = await proxy.listen();
  onTestFinished(() => proxy.close());
  return { proxy, redis };
}

/** Starts all three members: jobs fire, runs report progress, and clients wait for results and events. */
async function atWork(redis: string, log: RecordedLog) {
  let runs = 0;
  const tasks = {
    tick: () => {
      currentRun().progress(++runs);
    },
  };
  const executors = { default: {}, other: { rateLimit: { max: 1_000, duration: '1s' } } } as const;
  const carillon = new Carillon({ redis, prefix: ownPrefix(), logger: log.logger, tasks, executors });
  onTestFinished(() => carillon.shutdown({ timeout: '1s' }));
  await carillon.start();
  await carillon.addListener(() => {});
  await carillon.addListener(() => {}, ['job_executed'], { since: new Date() });
  const trigger = interval({ milliseconds: 200 });
  await carillon.addJobs(['default', 'other'].map((executor) => ({ task: 'tick', trigger, executor })));
  const works = async () => {
    const { runId } = await carillon.enqueue('tick');
    await carillon.getResult(runId);
  };
  await works();
  return { carillon, works };
}

/** Returns the log of an outage of this kind, which lasts longer than 10 s and then ends. */
async function loggedWhile(lose: (proxy: TcpProxy) => void): Promise<RecordedLog> {
  const { proxy, redis } = await proxied();
  const log = recorded();
  const { carillon, works } = await atWork(redis, log);
  lose(proxy);
  const calls = ['a', 'b'].map((id) => carillon.getJob(id).catch(() => {}));
  await eventually(() => expect(log.messages).toContain(STILL_GONE));
  proxy.open();
  await eventually(() => expect(log.messages).toContain(BACK));
  await Promise.all(calls);
  await eventually(works);
  return log;
}

test('Redis refuses connections, or stands still: one line, one each 10 s, one when it is back', async () => {
  const logs = await Promise.all([loggedWhile((proxy) => proxy.shut()), loggedWhile((proxy) => proxy.hold())]);
  for (const log of logs) {
    const goneMs = log.lines.find(({ msg }) => msg === BACK)?.goneMs ?? 0;
    const still = log.messages.filter((msg) => msg === STILL_GONE);
    expect(log.messages, JSON.stringify(log.lines)).toEqual([LOST, ...still, BACK]);
    // Where no connection was lost, Redis is back once calls have not failed for 2 s.
    expect(still.length).toBeGreaterThanOrEqual(Math.floor(goneMs / 10_000));
    expect(still.length).toBeLessThanOrEqual(Math.floor((goneMs + 2_000) / 10_000));
    expect(log.hasStacks).toBe(false);
  }
});

test('members with loggers of their own each say it once; with one logger, they say it together', async () => {
  const { proxy, redis } = await proxied();
  const [one, shared] = [recorded(), recorded()];
  const schedulers = [one, shared, shared, shared].map(({ logger }) => new Scheduler({ redis, logger }));
  onTestFinished(async () => void (await Promise.all(schedulers.map((scheduler) => scheduler.shutdown()))));
  await Promise.all(schedulers.map((scheduler) => scheduler.start()));
  proxy.shut();
  await Promise.all(schedulers.map((scheduler) => expect(scheduler.start()).rejects.toThrow('did not answer')));
  proxy.open();
  await eventually(() => expect([one, shared].map(({ messages }) => messages.at(-1))).toEqual([BACK, BACK]));
  expect([one.messages, shared.messages].map((said) => said.filter((msg) => msg !== STILL_GONE))).toEqual([
    [LOST, BACK],
    [LOST, BACK],
  ]);
});
