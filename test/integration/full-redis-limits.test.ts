import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { type ExecutorOptions, Worker } from '@carillon/worker';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';

/** A Redis of its own with `count` runs that are delivered for `executor`, which then is at its `maxmemory`. */
async function full(executor: string, count: number) {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const options = { redis: redis.url, logger: silent };
  const backend = new RedisBackend({ redis: redis.url, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const { client } = backend;
  const queue = `${backend.keys('default').queues}:${executor}`;
  const scheduler = new Scheduler(options);
  onTestFinished(() => scheduler.shutdown());
  const coordinator = new Coordinator(options);
  onTestFinished(() => coordinator.shutdown());
  await coordinator.start();
  for (let index = 0; index < count; index++) await scheduler.enqueue('held', [], { executor });
  await eventually(async () => expect(await client.llen(`${queue}:wait`)).toBe(count));
  await client.config('SET', 'maxmemory', '1mb');
  await expect(client.set('more', 'x')).rejects.toThrow('OOM');

  /** Starts a worker, whose runs end when the test calls `finish`. */
  const worker = async (limits: ExecutorOptions) => {
    const held: (() => void)[] = [];
    let isOpen = false;
    const tasks = { held: () => (isOpen ? undefined : new Promise<void>((resolve) => held.push(resolve))) };
    const worker = new Worker({ ...options, tasks, executors: { [executor]: { concurrency: 5, ...limits } } });
    const finish = () => {
      isOpen = true;
      for (const end of held.splice(0)) end();
    };
    onTestFinished(() => {
      finish();
      return worker.shutdown({ timeout: 0 });
    });
    await worker.start();
    return { worker, held, finish };
  };
  return { client, worker, waiting: () => client.llen(`${queue}:wait`), meta: () => client.hgetall(`${queue}:meta`) };
}

test('a worker that starts while Redis is full sets the limits of its executors, obeys them and works through the runs', async () => {
  const { worker, waiting, meta } = await full('mail', 8);
  const limits = { globalConcurrency: 2, rateLimit: { max: 1_000, duration: 1_000 } };
  const first = await worker(limits);
  expect(await meta()).toMatchObject({ concurrency: '2', max: '1000', duration: '1000' });
  expect(first.worker.health().unserved).toEqual([]);
  await eventually(() => expect(first.held).toHaveLength(2));
  expect(await waiting()).toBe(6);

  // The limits of a worker that starts later replace them, and null removes them.
  const second = await worker({ globalConcurrency: 3, rateLimit: null });
  expect(await meta()).toMatchObject({ concurrency: '3' });
  expect(await meta()).not.toHaveProperty('max');
  expect(await meta()).not.toHaveProperty('duration');
  await eventually(() => expect(first.held.length + second.held.length).toBe(3));
  for (const one of [first, second]) one.finish();
  await eventually(async () => expect(await waiting()).toBe(0));
});
