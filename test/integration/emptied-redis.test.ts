import { RedisBackend } from '@carillon/redis';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';

const LIMITS = { concurrency: '2', max: '7', duration: '1000' };

test('a Redis that is emptied under a cluster is said once, and has limits and job stores again', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const backend = new RedisBackend({ redis: redis.url, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).msg) });
  const options = {
    redis: redis.url,
    logger,
    // A coordinator waits a third of the lease for an answer: long enough for a busy machine.
    lease: 3_000,
    tasks: { ping: () => 'pong' },
    executors: {
      both: { globalConcurrency: 2, rateLimit: { max: 7, duration: 1_000 } },
      rate: { rateLimit: { max: 7, duration: 1_000 } },
      free: {},
    },
  };
  const members = [new Carillon(options), new Carillon(options)];
  for (const member of members) onTestFinished(() => member.shutdown({ timeout: 0 }));
  const [first = new Carillon(options)] = members;
  const events = await captureEvents(first);
  await Promise.all(members.map((member) => member.start()));
  const metaOf = (executor: string) => backend.client.hgetall(`${backend.keys('default').queues}:${executor}:meta`);
  const areSet = async () => {
    expect(await metaOf('both')).toMatchObject(LIMITS);
    expect(await metaOf('rate')).toMatchObject({ max: '7', duration: '1000' });
    expect(await metaOf('free')).not.toHaveProperty('max');
  };
  const said = () => logged.filter((message) => message.startsWith('Redis has forgotten a job store')).length;
  await areSet();
  await eventually(async () => expect(await backend.client.exists(backend.keys('default').born)).toBe(1));
  await events.upToDate();
  expect(events.of('jobstore_emptied')).toEqual([]);

  for (const round of [1, 2]) {
    await backend.client.flushall();
    await events.count('jobstore_emptied', round);
    await eventually(areSet);
    await eventually(async () => expect(await backend.knownJobStores()).toEqual(['default']));
    // Each coordinator logs the loss; one publishes it.
    await eventually(() => expect(said()).toBe(2 * round));
    await events.upToDate();
    expect(events.of('jobstore_emptied')).toHaveLength(round);
    // The cluster still works.
    const run = await first.enqueue('ping', [], { executor: 'both' });
    expect(await run.result({ timeout: '2m' })).toBe('pong');
  }

  // A setting that is deleted alone is restored too. A setting of another worker is left alone.
  await backend.client.hdel(`${backend.keys('default').queues}:both:meta`, 'concurrency');
  await eventually(areSet);
  await backend.client.hset(`${backend.keys('default').queues}:rate:meta`, 'max', '9');
  const seen = await backend.client.hgetall(backend.keys('default').workersInfo);
  expect(Object.keys(seen)).toHaveLength(2);
  const { client } = backend;
  const [worker = ''] = Object.keys(seen);
  const beatOf = async () => Number(await client.zscore(backend.keys('default').workers, worker));
  const before = await beatOf();
  await eventually(async () => expect(await beatOf()).toBeGreaterThan(before + 400));
  expect(await metaOf('rate')).toMatchObject({ max: '9' });
  await events.upToDate();
  expect(events.of('jobstore_emptied')).toHaveLength(2);
});
