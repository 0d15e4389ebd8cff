import { Scheduler } from '@carillon/core';
import { expect } from 'vitest';
import { expectShared, startCoordinator, startWorker, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';
import { Journal } from '../../support/journal.js';

const STORES = ['one', 'two'] as const;
const RUNS = 30;
const CONCURRENCY = 2;

test('a worker serves two job stores with one concurrency over both, and neither waits until the other is done', async ({
  place,
}) => {
  const { redis, prefix, journal } = place;
  await using scheduler = new Scheduler({ redis, prefix, logger: silent, jobStores: STORES });
  const jobStores = { jobStores: STORES };
  const settings = { ...jobStores, executors: { default: { concurrency: CONCURRENCY } } };
  const [one, other] = await Promise.all([
    startWorker(place, settings),
    startWorker(place, settings),
    startCoordinator(place, jobStores),
    startCoordinator(place, jobStores),
  ]);
  const workers = [one, other];
  // Both workers are busy until all runs of both job stores are in their queues.
  const busy = workers.length * CONCURRENCY;
  for (let index = 0; index < busy; index++) await scheduler.enqueue('note.until', ['free'], { jobStore: 'one' });
  await eventually(() => expect(journal.began).toHaveLength(busy));
  const spec = { task: 'note.for', args: [50] };
  for (const jobStore of STORES) {
    await scheduler.addJobs(Array.from({ length: RUNS }, (_, index) => ({ id: `job-${index}`, jobStore, ...spec })));
  }
  for (const jobStore of STORES) {
    await eventually(async () =>
      expect(await scheduler.inspect({ jobStore })).toMatchObject({ counts: { jobs: 0, outbox: 0 } }),
    );
  }
  expect(journal.began).toHaveLength(busy);
  journal.open('free');
  await eventually(() => expect(journal.ended).toHaveLength(busy + STORES.length * RUNS));
  for (const jobStore of STORES) {
    await eventually(async () =>
      expect(await scheduler.inspect({ jobStore })).toMatchObject({ counts: { jobs: 0, runs: 0, leases: 0 } }),
    );
  }

  for (const { id } of workers) {
    const entries = journal.entries.filter(({ workerId }) => workerId === id);
    expect(Journal.most(entries)).toBe(CONCURRENCY);
    expect(new Set(entries.map(({ jobStore }) => jobStore))).toEqual(new Set(STORES));
  }
  const jobs = journal.began.filter(({ jobId }) => jobId !== null);
  for (const jobStore of STORES) {
    const began = jobs.filter((entry) => entry.jobStore === jobStore);
    expect(new Set(began.map(({ executionId }) => executionId)).size).toBe(RUNS);
    expect(jobs.slice(0, RUNS).filter((entry) => entry.jobStore === jobStore).length).toBeGreaterThan(RUNS / 4);
  }
  expectShared(place, workers);
});
