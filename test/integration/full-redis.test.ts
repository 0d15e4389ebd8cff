import { date, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { failure, silent } from '../support/in-process.js';

const BACKLOG = 120;

test('a Redis that is full lets jobs be removed, and the backlog that filled it is worked through', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const scheduler = new Scheduler({ redis: redis.url, logger: silent });
  onTestFinished(() => scheduler.shutdown());
  const backend = new RedisBackend({ redis: redis.url, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const memory = (limit: string) => backend.client.config('SET', 'maxmemory', limit);
  const later = { task: 'ping', trigger: date('2999-01-01T00:00:00Z') };
  const ids = ['removed', 'paused', 'rescheduled', 'gone'];
  await scheduler.addJobs(ids.map((id) => ({ id, ...later })));
  await scheduler.addJob({ id: 'often', task: 'ping', trigger: interval({ milliseconds: 100 }) });
  const runs = [];
  for (let index = 0; index < BACKLOG; index++) runs.push(await scheduler.enqueue('ping', [index, 'x'.repeat(1_000)]));
  await memory('1mb');

  // Calls that fill Redis are refused, and the error says what to do.
  for (const call of [
    () => scheduler.addJob({ id: 'new', ...later }),
    () => scheduler.enqueue('ping'),
    () => scheduler.runJob('paused'),
    () => scheduler.rescheduleJob('rescheduled', interval('1h')),
  ])
    expect((await failure(call)).message).toMatch(/maxmemory.*remove or pause jobs/);

  // Calls that free memory, or stop what fills it, are not refused.
  await scheduler.removeJob('removed');
  await scheduler.pauseJob('paused');
  await scheduler.modifyJob('paused', { nextRunTime: null });
  await scheduler.removeJob('gone', { cancelRuns: true });
  await scheduler.cancelRun(runs[0]?.runId ?? '');
  await scheduler.pause();
  await scheduler.resume();
  expect((await scheduler.getJobs()).jobs.map(({ id }) => id).sort()).toEqual(['often', 'paused', 'rescheduled']);

  // Members start, one of them leads, and every owed run ends. No job fires.
  const done: unknown[] = [];
  const tasks = { ping: async (index?: number) => void done.push(index ?? 'fired') };
  const carillon = new Carillon({ redis: redis.url, logger: silent, tasks });
  onTestFinished(() => carillon.shutdown({ timeout: 0 }));
  const events = await captureEvents(carillon);
  await carillon.start();
  await eventually(() => expect(done).toHaveLength(BACKLOG - 1), 60_000);
  expect(new Set(done).size).toBe(BACKLOG - 1);
  await events.upToDate();
  expect(events.of('job_submitted')).toEqual([]);
  await carillon.addExecutor('other', {});
  // The leader keeps its lock: it is extended while Redis is full.
  await memory('1');
  const { leader } = await scheduler.inspect();
  await eventually(async () => {
    const now = (await scheduler.inspect()).leader;
    expect(now?.until.getTime()).toBeGreaterThan(leader?.until.getTime() ?? Number.POSITIVE_INFINITY);
  }, 20_000);
  expect((await scheduler.inspect()).leader?.epoch).toBe(leader?.epoch);
  await carillon.removeExecutor('other');

  // With room again, the job fires.
  await memory('0');
  await events.first('job_executed', ({ jobId }) => jobId === 'often');
  await carillon.removeAllJobs();
});
