import { expect } from 'vitest';
import { captureEvents } from '../../../support/captured-events.js';
import {
  finished,
  kill9,
  leaderOf,
  type Place,
  startCoordinator,
  startWorker,
  terminate,
  test,
} from '../../../support/cluster.js';
import { difference, everySecond, type Fire, firesOf, NO_DIFFERENCE } from '../../../support/fire-times.js';

const jobIds = Array.from({ length: 200 }, (_, index) => `job-${index}`);
const SECONDS = 20;

/** No worker counts as dead on a machine that is slow for some seconds. */
const worker = { lease: '20s', executors: { default: { concurrency: 20 } } } as const;

/** Adds the jobs. Returns all fires that they have to make. Late fires are neither dropped nor coalesced. */
async function addJobs({ scheduler }: Place): Promise<readonly Fire[]> {
  const { trigger, fireTimes } = everySecond(SECONDS);
  const policy = { coalesce: false, maxInstances: SECONDS };
  await scheduler.addJobs(jobIds.map((id) => ({ id, task: 'record.now', trigger, ...policy })));
  return firesOf(jobIds, fireTimes);
}

test('4,000 fire times of 200 jobs are executed once each, by two workers', async ({ place }) => {
  const events = await captureEvents(place.scheduler);
  const coordinators = await Promise.all([startCoordinator(place), startCoordinator(place)]);
  const workers = await Promise.all([startWorker(place, worker), startWorker(place, worker)]);
  await leaderOf(coordinators);

  const expected = await addJobs(place);
  expect(expected).toHaveLength(4_000);
  await events.count('job_executed', expected.length, 60_000);
  await finished(place);

  expect(difference(place.journal.began, expected)).toEqual(NO_DIFFERENCE);
  expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
  await events.upToDate();
  expect(difference(events.executed, expected)).toEqual(NO_DIFFERENCE);
  expect(place.journal.workers).toEqual(workers.map(({ id }) => id).sort());
  expect(events.incomplete).toEqual([]);
  expect(events.of('leader_elected')).toHaveLength(1);
  await Promise.all([...coordinators, ...workers].map((server) => terminate(server)));
});

test('4,000 fire times are executed once each, though the leader is killed in the middle', async ({ place }) => {
  const events = await captureEvents(place.scheduler);
  const coordinators = await Promise.all([startCoordinator(place), startCoordinator(place)]);
  const workers = await Promise.all([startWorker(place, worker), startWorker(place, worker)]);
  const killed = await leaderOf(coordinators);

  const expected = await addJobs(place);
  await events.count('job_executed', expected.length / 2, 60_000);
  expect(await leaderOf(coordinators)).toEqual(killed);
  await kill9(killed.server);
  await events.upToDate();
  const before = events.of('job_executed').length;
  const successor = await leaderOf(coordinators.filter((server) => server !== killed.server));
  expect(before).toBeLessThan(expected.length);
  await events.count('job_executed', expected.length, 60_000);
  await finished(place);

  expect(await killed.server.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await events.upToDate();
  expect(events.of('leader_elected').map(({ coordinatorId, epoch }) => ({ coordinatorId, epoch }))).toEqual([
    { coordinatorId: killed.server.id, epoch: killed.epoch },
    { coordinatorId: successor.server.id, epoch: successor.epoch },
  ]);
  expect(successor.epoch).toBeGreaterThan(killed.epoch);
  expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
  expect(difference(events.executed, expected)).toEqual(NO_DIFFERENCE);
  expect(place.journal.workers).toEqual(workers.map(({ id }) => id).sort());
  expect(events.incomplete).toEqual([]);
});
