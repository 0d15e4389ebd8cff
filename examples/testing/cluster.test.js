// cluster.test.js
import { cron } from 'carillon';
import { testCluster } from 'carillon/testing';
import { expect, test } from 'vitest';
import { tasks } from './tasks.js';

test('the report runs at nine each day, also when the clocks change', async () => {
  const { scheduler, clock, eventsOf, shutdown } = await testCluster({ tasks, start: '2026-03-27T12:00:00Z' });
  const trigger = cron('0 9 * * *', { timezone: 'Europe/Berlin' });
  await scheduler.addJob({ task: 'report.daily', args: ['eu'], trigger });
  await clock.advance('3d');
  expect(eventsOf('job_executed').map(({ at }) => at.toISOString())).toEqual([
    '2026-03-28T08:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ]);
  await shutdown();
});

test('mail is tried again until it is sent', async () => {
  const { scheduler, clock, eventsOf, shutdown } = await testCluster({ tasks });
  const run = await scheduler.enqueue('mail.send', ['a@example.org'], {
    retry: { attempts: 5, backoff: { delay: '1m' } },
  });
  expect(await clock.advanceUntil(run.result())).toEqual({ sent: 'a@example.org' });
  expect(eventsOf('job_retrying')).toHaveLength(2);
  await shutdown();
});
