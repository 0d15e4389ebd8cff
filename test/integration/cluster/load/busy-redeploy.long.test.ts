import { interval } from '@carillon/core';
import { expect } from 'vitest';
import { captureEvents } from '../../../support/captured-events.js';
import { startCoordinator, test } from '../../../support/cluster.js';

const JOBS = 1_000;
/** This many jobs fire each second, at instants of their own. */
const PER_SECOND = 50;

test('a thousand jobs that fire meanwhile are added again, changed and removed', { timeout: 180_000 }, async ({
  place,
}) => {
  const { scheduler } = place;
  const from = Date.now();
  const specs = (version: string, every = JOBS / PER_SECOND) =>
    Array.from({ length: JOBS }, (_, index) => ({
      id: `job-${index}`,
      task: 'report',
      args: [version, 'x'.repeat(1_000)],
      trigger: interval({ seconds: every, startAt: new Date(from - index * (1_000 / PER_SECOND)) }),
      replaceExisting: true,
    }));
  const events = await captureEvents(scheduler);
  await scheduler.addJobs(specs('v1'));
  await startCoordinator(place);
  await events.count('job_submitted', PER_SECOND);
  for (const version of ['v2', 'v3', 'v4']) {
    const jobs = await scheduler.addJobs(specs(version));
    expect(jobs.every(({ args }) => args[0] === version)).toBe(true);
  }
  await events.count('job_modified', 3 * JOBS);
  await scheduler.addJobs(specs('v5', (2 * JOBS) / PER_SECOND));
  await events.count('job_modified', 4 * JOBS);
  const fired = events.of('job_submitted').length;
  expect(fired).toBeGreaterThan(PER_SECOND);
  await scheduler.removeAllJobs();
  await events.count('job_removed', JOBS);
});

test('a job that fires each millisecond is changed by whatever call', { timeout: 60_000 }, async ({ place }) => {
  const { scheduler } = place;
  const spec = {
    id: 'job',
    task: 'report',
    trigger: interval({ milliseconds: 1 }),
    maxRuns: 100_000,
    replaceExisting: true,
  };
  await scheduler.addJob(spec);
  await startCoordinator(place);
  for (let round = 0; round < 20; round++) {
    await scheduler.addJob({ ...spec, args: [round] });
    await scheduler.modifyJob('job', { maxRuns: 99_000 + round });
    await scheduler.rescheduleJob('job', interval({ milliseconds: 1 + (round % 2) }));
    await scheduler.pauseJob('job');
    await scheduler.resumeJob('job');
  }
  await scheduler.removeJob('job');
  expect(await scheduler.getJob('job')).toBeUndefined();
});
