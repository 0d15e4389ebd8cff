import { Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { expect, it } from 'vitest';
import { NodeCron } from '../../../packages/carillon/src/node-cron/node-cron.js';
import { eventually } from '../../support/eventually.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

it('takes a schedule that no process has any more out of the cluster, once its next fire has waited for one', async () => {
  const place = { redis: redisUrl(), prefix: ownPrefix(), logger: defaultLogger('silent') };
  const [before, after] = [new NodeCron(), new NodeCron()];
  for (const one of [before, after]) one.configure(place);
  await before.createTask('* * * * * *', () => {}, { name: 'gone' }).start();
  await before.shutdown();
  await after.createTask('* * * * * *', () => {}, { name: 'here' }).start();
  const scheduler = new Scheduler({ ...place, jobStores: ['node-cron'] });
  const ids = async () => (await scheduler.getJobs({ jobStore: 'node-cron' })).jobs.map(({ id }) => id).sort();
  expect(await ids()).toEqual(['gone', 'here']);
  await eventually(async () => expect(await ids()).toEqual(['here']));
  await Promise.all([after.shutdown(), scheduler.shutdown()]);
});
