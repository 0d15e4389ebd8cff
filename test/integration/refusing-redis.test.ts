import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';

/** A Redis that the test can make refuse requests, and a Carillon on it whose tasks end when the test lets them. */
async function onOwnRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).msg) });
  const started: number[] = [];
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const ran: number[] = [];
  const tasks = {
    note: (number: number) => void ran.push(number),
    work: async (number: number) => {
      started.push(number);
      await finished;
      return number;
    },
  };
  const carillon = new Carillon({
    redis: redis.url,
    logger,
    tasks,
    lease: '15s',
    executors: { default: {}, single: { concurrency: 1 } },
  });
  onTestFinished(() => carillon.shutdown({ timeout: '1s' }));
  await carillon.start();
  const configure = (name: string, value: string) => ask(redis.url, ['CONFIG', 'SET', name, value]);
  const queued = async (executor: string) =>
    Number(await ask(redis.url, ['LLEN', `{carillon:default}:q:${executor}:wait`]));
  return { carillon, queued, configure, started, finish, ran, logged };
}

test('what ends while Redis may not write is settled once it may: nothing is executed twice', async () => {
  const { carillon, configure, started, finish, logged } = await onOwnRedis();
  const runs = await Promise.all([0, 1, 2, 3, 4].map((number) => carillon.enqueue('work', [number])));
  await eventually(() => expect(started).toHaveLength(5));
  await configure('min-replicas-to-write', '1');
  finish();
  await eventually(() => expect(logged).toContain('outcomes of tasks could not be settled; trying again'));
  await configure('min-replicas-to-write', '0');
  expect(await Promise.all(runs.map((run) => run.result({ timeout: '2m' })))).toEqual([0, 1, 2, 3, 4]);
  expect(started.sort()).toEqual([0, 1, 2, 3, 4]);
});

test('a queue is worked through in its order while Redis is full', async () => {
  const { carillon, queued, configure, started, finish, ran, logged } = await onOwnRedis();
  const executor = 'single';
  const first = await carillon.enqueue('work', [0], { executor });
  await eventually(() => expect(started).toHaveLength(1));
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  for (const number of numbers) {
    await carillon.enqueue('note', [number], { executor });
    await eventually(async () => expect(await queued(executor)).toBe(number + 1));
  }
  await configure('maxmemory', '1mb');
  finish();
  expect(await first.result({ timeout: '2m' })).toBe(0);
  await eventually(() => expect(ran).toHaveLength(numbers.length));
  expect(ran).toEqual(numbers);
  expect(logged).toEqual([]);
});

test('a queue waits in its order while Redis may not write', async () => {
  const { carillon, queued, configure, started, finish, ran, logged } = await onOwnRedis();
  const executor = 'single';
  await carillon.enqueue('work', [0], { executor });
  await eventually(() => expect(started).toHaveLength(1));
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  for (const number of numbers) {
    await carillon.enqueue('note', [number], { executor });
    await eventually(async () => expect(await queued(executor)).toBe(number + 1));
  }
  await configure('min-replicas-to-write', '1');
  finish();
  await eventually(() => expect(logged).toContain('outcomes of tasks could not be settled; trying again'));
  expect(ran).toEqual([]);
  await configure('min-replicas-to-write', '0');
  await eventually(() => expect(ran).toHaveLength(numbers.length));
  expect(ran).toEqual(numbers);
});
