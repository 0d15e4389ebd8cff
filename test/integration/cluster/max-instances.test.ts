import { interval } from '@carillon/core';
import { expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { startCoordinator, startWorker, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';

test('a task of 3 s each second with maxInstances 1 never overlaps over two workers', async ({ place }) => {
  const events = await captureEvents(place.scheduler);
  const one = { executors: { default: { concurrency: 1 } }, lease: '20s' } as const;
  await Promise.all([startCoordinator(place), startCoordinator(place)]);
  const workers = await Promise.all([startWorker(place, one), startWorker(place, one)]);
  const addedAt = Date.now();
  const trigger = interval('1s');
  await place.scheduler.addJob({ id: 'slow', task: 'record.for', args: [3_000], trigger, maxInstances: 1 });

  // Chance decides which worker takes a run: the test waits until each has taken one, and at least four have ended.
  await eventually(() => {
    expect(place.journal.workers).toEqual(workers.map(({ id }) => id).sort());
    expect(place.journal.ended.length).toBeGreaterThanOrEqual(4);
  });
  expect(Date.now() - addedAt).toBeGreaterThanOrEqual(12_000);

  // Entries are in the order in which they happened: no run begins before the previous one has ended.
  const { entries } = place.journal;
  expect(entries.map(({ what }) => what)).toEqual(entries.map((_, index) => (index % 2 === 0 ? 'began' : 'ended')));
  expect(
    entries.filter((entry, index) => index % 2 === 1 && entry.executionId !== entries[index - 1]?.executionId),
  ).toEqual([]);
  expect(new Set(place.journal.began.map(({ fireTime }) => fireTime)).size).toBe(place.journal.began.length);
  await events.upToDate();
  expect(events.of('job_max_instances').length).toBeGreaterThanOrEqual(5);
});
