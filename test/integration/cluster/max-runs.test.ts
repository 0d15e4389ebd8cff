import { interval } from '@carillon/core';
import { expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { expectShared, finished, kill9, leaderOf, startCoordinator, startWorker, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { difference, firesOf, NO_DIFFERENCE } from '../../support/fire-times.js';

const TIMES = 12;
const STEP_MS = 300;
const jobIds = ['a', 'b', 'c', 'd'];

test('a job with maxRuns fires just as often, though the leader is killed in the middle, and does not come back', async ({
  place,
}) => {
  const { scheduler, journal } = place;
  const events = await captureEvents(scheduler);
  const start = [startCoordinator(place), startCoordinator(place), startWorker(place), startWorker(place)] as const;
  const [one, other, ...workers] = await Promise.all(start);
  const killed = await leaderOf([one, other]);
  const startAt = new Date(Math.ceil((Date.now() + 1_000) / STEP_MS) * STEP_MS);
  // The trigger names fire times without end.
  const trigger = interval({ milliseconds: STEP_MS, startAt });
  const policy = { maxRuns: TIMES, coalesce: false, maxInstances: TIMES, replaceExisting: true } as const;
  const specs = jobIds.map((id) => ({ id, task: 'note.for', args: [0], trigger, ...policy }));
  await scheduler.addJobs(specs);

  await eventually(() => expect(journal.ended.length).toBeGreaterThanOrEqual(2 * jobIds.length));
  await kill9(killed.server);
  const before = journal.ended.length;
  expect(await scheduler.getJobs()).toMatchObject({ jobs: jobIds.map(() => ({ maxRuns: TIMES })) });
  await finished(place);

  expect(before).toBeLessThan(TIMES * jobIds.length);
  const fireTimes = Array.from({ length: TIMES }, (_, index) => startAt.getTime() + index * STEP_MS);
  expect(difference(journal.ended, firesOf(jobIds, fireTimes))).toEqual(NO_DIFFERENCE);
  await events.upToDate();
  expect(difference(events.executed, firesOf(jobIds, fireTimes))).toEqual(NO_DIFFERENCE);
  expect(
    events
      .of('job_removed')
      .map(({ jobId, cause }) => `${jobId} ${cause}`)
      .sort(),
  ).toEqual(jobIds.map((id) => `${id} finished`));
  expect(
    events
      .of('leader_elected')
      .map(({ coordinatorId }) => coordinatorId)
      .slice(-2),
  ).toEqual([killed.server, one === killed.server ? other : one].map(({ id }) => id));
  expectShared(place, workers);

  // A deployment adds the jobs once more: they have had their runs.
  const added = await scheduler.addJobs(specs);
  expect(added.map(({ finished }) => finished)).toEqual(jobIds.map(() => true));
  expect((await scheduler.getJobs()).jobs).toEqual([]);
});
