import { interval, Scheduler } from '@carillon/core';
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

it('leaves a job that is not a schedule where it is, though no worker has its task', async () => {
  const place = { redis: redisUrl(), prefix: ownPrefix(), logger: defaultLogger('silent') };
  const here = new NodeCron();
  here.configure(place);
  await here.createTask('* * * * * *', () => {}, { name: 'here' }).start();
  const scheduler = new Scheduler({ ...place, jobStores: ['node-cron'] });
  const failed = new Map<string, number>();
  await scheduler.addListener((event) => {
    if (event.type === 'job_error' && event.jobId) failed.set(event.jobId, (failed.get(event.jobId) ?? 0) + 1);
  });
  const spec = { jobStore: 'node-cron', task: 'nobody', trigger: interval('1s') };
  await scheduler.addJobs([
    { ...spec, id: 'schedule', tags: ['node-cron'] },
    { ...spec, id: 'job' },
  ]);
  const ids = async () => (await scheduler.getJobs({ jobStore: 'node-cron' })).jobs.map(({ id }) => id).sort();
  await eventually(async () => {
    expect(failed.get('job')).toBeGreaterThan(1);
    expect(await ids()).toEqual(['here', 'job']);
  });
  await Promise.all([here.shutdown(), scheduler.shutdown()]);
});
