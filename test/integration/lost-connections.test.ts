import { interval, Scheduler } from '@carillon/core';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { Door } from '../support/door.js';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';

async function redisOfItsOwn() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  return { url: redis.url, port: Number(new URL(redis.url).port) };
}

async function doorTo({ port }: { readonly port: number }): Promise<Door> {
  const door = new Door(port);
  onTestFinished(() => door.shut());
  await door.open();
  return door;
}

/** Starts a whole cluster in one process, with a job that fires five times a second. Returns a function that counts its runs. */
async function tickingThrough(door: Door): Promise<() => number> {
  let runs = 0;
  const carillon = new Carillon({ redis: door.url, logger: silent, tasks: { tick: () => ++runs } });
  onTestFinished(() => carillon.shutdown({ timeout: '1s' }));
  await carillon.start();
  await carillon.addJob({ task: 'tick', trigger: interval({ milliseconds: 200 }) });
  await eventually(() => expect(runs).toBeGreaterThan(0));
  return () => runs;
}

test('a listener hears on where the connection is lost again just as it comes back', async () => {
  const door = await doorTo(await redisOfItsOwn());
  // A failed promise that no code waits for would end the process: vitest reports it.
  const scheduler = new Scheduler({ redis: door.url, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  let heard = 0;
  await scheduler.addListener(() => heard++, ['scheduler_paused']);
  await scheduler.pause();
  await eventually(() => expect(heard).toBe(1));

  const lostAgain = new Promise<void>((resolve) => {
    door.onRequest = (sent) => {
      if (!/^subscribe$/im.test(sent.toString())) return true;
      door.onRequest = () => {};
      void door.shut().then(resolve);
      return false;
    };
  });
  door.cut();
  await lostAgain;
  // The client gives up its pending calls after two failed attempts to connect.
  await eventually(() => expect(scheduler.pause()).rejects.toThrow('did not answer'));
  await door.open();
  await eventually(async () => {
    await scheduler.resume();
    await scheduler.pause();
    expect(heard).toBeGreaterThan(1);
  });
});

test('a failover that leaves connections to the old master open stops nothing for long', async () => {
  const [old, next] = await Promise.all([redisOfItsOwn(), redisOfItsOwn()]);
  const door = await doorTo(old);
  const follow = (one: { url: string }, port: number) => ask(one.url, ['REPLICAOF', '127.0.0.1', `${port}`]);
  await ask(old.url, ['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']);
  await follow(next, old.port);
  await eventually(async () => expect(await ask(next.url, ['INFO', 'replication'])).toContain('link_status:up'));
  const runs = await tickingThrough(door);
  // A link that is up may carry nothing in its first second.
  await eventually(async () => expect(await ask(next.url, ['HLEN', '{carillon:default}:jobs'])).toBe('1'));

  await ask(next.url, ['REPLICAOF', 'NO', 'ONE']);
  door.upstream = next.port;
  await follow(old, next.port);
  const before = runs();
  await eventually(() => expect(runs()).toBeGreaterThan(before + 10));
});

test('a connection whose other end is gone silently is closed', async () => {
  const door = await doorTo(await redisOfItsOwn());
  const runs = await tickingThrough(door);
  const scheduler = new Scheduler({ redis: door.url, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  let heard = 0;
  await scheduler.addListener(() => heard++, ['job_executed']);
  await eventually(() => expect(heard).toBeGreaterThan(0));

  expect(door.deaden()).toBeGreaterThan(0);
  const before = { runs: runs(), heard };
  await eventually(() => {
    expect(runs()).toBeGreaterThan(before.runs + 10);
    expect(heard).toBeGreaterThan(before.heard + 10);
  });
  await scheduler.getJobs();
});
