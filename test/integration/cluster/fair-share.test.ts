import type { CoordinatorHealth } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { expect, onTestFinished } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { finished, kill9, startCoordinator, startWorker, terminate, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { difference, everySecond, firesOf, NO_DIFFERENCE } from '../../support/fire-times.js';
import { silent } from '../../support/in-process.js';
import type { ServerProcess } from '../../support/server-process.js';

const jobStores = ['s0', 's1', 's2', 's3'];
/** The promise for an idle machine, ms. Here it may take five times that. */
const AFTER_KILL_MS = 6_000 + 500;
/** A coordinator that gets no processor for a while stays leader. */
const LEASE = { lease: '6s' } as const;

/** The aliases of the job stores that a coordinator reports to lead. */
async function ledBy(server: ServerProcess): Promise<readonly string[]> {
  const { jobStores } = await server.health<CoordinatorHealth>();
  return Object.entries(jobStores).flatMap(([alias, { epoch }]) => (epoch === null ? [] : alias));
}

test('two coordinators lead two of four job stores each, and one all four when the other is killed; every fire is executed once', async ({
  place,
}) => {
  const { redis, prefix } = place;
  const scheduler = new Scheduler({ redis, prefix, logger: silent, jobStores });
  onTestFinished(() => scheduler.shutdown());
  const events = await captureEvents(scheduler);
  const first = await startCoordinator(place, { jobStores, ...LEASE });
  const workers = await Promise.all([1, 2].map(() => startWorker(place, { jobStores, lease: '20s' })));
  await eventually(async () => expect(await ledBy(first)).toEqual(jobStores));

  const { trigger, fireTimes } = everySecond(25);
  const jobIds = jobStores.map((alias) => `job-${alias}`);
  const policy = { coalesce: false, maxInstances: fireTimes.length };
  await scheduler.addJobs(
    jobStores.map((jobStore) => ({ id: `job-${jobStore}`, task: 'record.now', trigger, jobStore, ...policy })),
  );
  await events.count('job_executed', 8);

  const startedAt = performance.now();
  const second = await startCoordinator(place, { jobStores, ...LEASE });
  await eventually(async () =>
    expect([await ledBy(first), await ledBy(second)]).toMatchObject([{ length: 2 }, { length: 2 }]),
  );
  console.info(`2 of 4 each ${Math.round(performance.now() - startedAt)} ms after the second was asked to start`);
  expect([...(await ledBy(first)), ...(await ledBy(second))].sort()).toEqual(jobStores);
  for (const jobStore of jobStores) await events.upToDate(jobStore);
  expect(events.of('leader_lost')).toMatchObject([
    { coordinatorId: first.id, reason: 'handed_over' },
    { coordinatorId: first.id, reason: 'handed_over' },
  ]);
  await events.count('job_executed', events.of('job_executed').length + 12);
  expect(events.of('leader_elected')).toHaveLength(6);

  const killedAt = performance.now();
  for (const jobStore of jobStores) await events.upToDate(jobStore);
  const before = new Map(events.of('leader_elected').map(({ jobStore, epoch }) => [jobStore, epoch]));
  const taken = await ledBy(first);
  await kill9(first);
  await events.count('leader_elected', 8, 5 * AFTER_KILL_MS);
  console.info(`4 of 4 ${Math.round(performance.now() - killedAt)} ms after the other was killed`);
  await eventually(async () => expect(await ledBy(second)).toEqual(jobStores));
  const elected = events.of('leader_elected').slice(6);
  expect(elected.map(({ jobStore }) => jobStore).sort()).toEqual(taken);
  for (const { jobStore, epoch, coordinatorId } of elected) {
    expect(coordinatorId).toBe(second.id);
    expect(epoch).toBeGreaterThan(before.get(jobStore) ?? Number.POSITIVE_INFINITY);
  }

  const expected = firesOf(jobIds, fireTimes);
  await events.count('job_executed', expected.length);
  for (const jobStore of jobStores) await finished(place, undefined, jobStore);
  expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
  for (const jobStore of jobStores) await events.upToDate(jobStore);
  expect(difference(events.executed, expected)).toEqual(NO_DIFFERENCE);
  expect(place.journal.workers).toEqual(workers.map(({ id }) => id).sort());
  expect(events.incomplete).toEqual([]);
  // No job store has changed its leader in between.
  expect(events.of('leader_elected')).toHaveLength(8);
  await Promise.all([second, ...workers].map((server) => terminate(server)));
});
