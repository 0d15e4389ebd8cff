import { Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { startRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';

const silent = defaultLogger();
silent.level = 'silent';

async function ownRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  return { redis, client };
}

test('a listener on a replica hears every event of a call, though the master has no listener', async () => {
  const [master, replica] = [await ownRedis(), await ownRedis()];
  const { hostname, port } = new URL(master.redis.url);
  await replica.client.replicaof(hostname, port);
  await eventually(async () => expect(await replica.client.info('replication')).toContain('master_link_status:up'));
  const heard: string[] = [];
  replica.client.on('pmessage', (_, __, message: string) => heard.push(JSON.parse(message).jobId));
  await replica.client.psubscribe('{carillon:default}:events:job_added');

  const scheduler = new Scheduler({ redis: master.redis.url, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  const ids = Array.from({ length: 50 }, (_, index) => `job-${index}`);
  const trigger = { type: 'interval', hours: 1 } as const;
  await scheduler.addJobs(ids.map((id) => ({ id, task: 'noop', trigger })));
  await eventually(() => expect(heard).toEqual(ids));
});
