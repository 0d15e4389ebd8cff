import { createServer } from 'node:net';
import { Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { afterAll, expect, it } from 'vitest';
import { NodeCron } from '../../../packages/carillon/src/node-cron/node-cron.js';
import { eventually } from '../../support/eventually.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

const silent = defaultLogger('silent');
const logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
const place = { redis: redisUrl(), prefix: ownPrefix(), logger: silent };
/** Two processes that run the same script. */
const [a, b] = [new NodeCron(), new NodeCron()];
for (const one of [a, b]) one.configure(place);
const scheduler = new Scheduler({ ...place, jobStores: ['node-cron'] });
const jobOf = (id: string) => scheduler.getJob(id, { jobStore: 'node-cron' });

afterAll(async () => {
  await Promise.all([a.shutdown(), b.shutdown(), scheduler.shutdown()]);
});

it('runs each fire in one of the processes; stop() is of one process, and the last one takes the job away', async () => {
  const calls: string[] = [];
  const skipped: string[] = [];
  const start = (cron: NodeCron, name: string) => {
    const task = cron.schedule('* * * * * *', ({ date }) => void calls.push(`${date.getTime()} ${name}`), {
      name: 'tick',
      logger,
    });
    task.on('execution:skipped', ({ date, reason }) => void skipped.push(`${date.getTime()} ${name} ${reason}`));
    return task;
  };
  const [ofA, ofB] = [start(a, 'a'), start(b, 'b')];
  await eventually(() => expect(calls.length).toBeGreaterThanOrEqual(4));
  const times = calls.map((call) => call.split(' ')[0]);
  expect(new Set(times).size).toBe(times.length);
  await eventually(() => expect(skipped.length).toBeGreaterThanOrEqual(1));
  expect(skipped[0]).toMatch(/^\d+ [ab] not-elected$/);
  const job = await jobOf('tick');
  expect([job?.tags, job?.maxRuns]).toEqual([['node-cron'], null]);

  await ofA.stop();
  const before = calls.length;
  await eventually(() =>
    expect(calls.slice(before).filter((call) => call.endsWith('b')).length).toBeGreaterThanOrEqual(2),
  );
  expect(await jobOf('tick')).toBeDefined();
  await ofB.destroy();
  expect(await jobOf('tick')).toBe(undefined);
  await ofA.destroy();
});

it('counts maxExecutions in the whole cluster', async () => {
  const calls: number[] = [];
  const tasks = [a, b].map((cron) =>
    cron.createTask('* * * * * *', () => void calls.push(1), { name: 'twice', maxExecutions: 2, logger }),
  );
  await Promise.all(tasks.map((task) => task.start()));
  await eventually(() => expect(tasks.map((task) => task.getStatus())).toEqual(['destroyed', 'destroyed']));
  expect(calls).toHaveLength(2);
});

it('runs what is not distributed in each process', async () => {
  const calls = new Set<string>();
  const tasks = [a, b].map((cron, index) =>
    cron.schedule('* * * * * *', () => void calls.add(`process ${index}`), { distributed: false, logger }),
  );
  await eventually(() => expect(calls.size).toBe(2));
  await Promise.all(tasks.map((task) => task.destroy()));
});

it('leaves the job to others at shutdown, and gives it the pattern of the process that started last', async () => {
  const [c, d] = [new NodeCron(), new NodeCron()];
  for (const one of [c, d]) one.configure(place);
  await c.createTask('0 3 * * *', () => {}, { name: 'nightly', logger }).start();
  await c.shutdown();
  expect((await jobOf('nightly'))?.trigger).toMatchObject({ expression: '0 0 3 * * *' });
  const task = d.createTask('0 4 * * *', () => {}, { name: 'nightly', logger });
  await task.start();
  expect((await jobOf('nightly'))?.trigger).toMatchObject({ expression: '0 0 4 * * *' });
  await task.destroy();
  await d.shutdown();
});

it('waits for a Redis that is not reached, and says so once', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cron = new NodeCron();
  cron.configure({ ...place, redis: `redis://127.0.0.1:${port}` });
  const errors: string[] = [];
  cron.setLogger({ ...logger, error: (message) => void errors.push(String(message)) });
  const task = cron.schedule('* * * * * *', () => {});
  expect(task.getStatus()).toBe('idle');
  await eventually(() => expect(errors).toHaveLength(1));
  expect(errors[0]).toMatch(/^node-cron: schedules are not in the cluster yet; trying again: /);
  expect(() => cron.configure({ redis: null })).toThrow('configure() was called too late');
  await task.destroy();
  await cron.shutdown();
  server.close();
});
