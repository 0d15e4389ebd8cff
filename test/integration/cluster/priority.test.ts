import { expect } from 'vitest';
import { expectShared, settled, startCluster, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';

test('of the runs that wait for two busy workers, those of a lower priority number go first', async ({ place }) => {
  const { scheduler, journal } = place;
  const { workers } = await startCluster(place, { executors: { default: { concurrency: 1 } } });
  for (let count = 1; count <= 2; count++) await scheduler.enqueue('note.until', ['free']);
  await eventually(() => expect(journal.began).toHaveLength(2));

  const priorities = Array.from({ length: 24 }, (_, index) => [2, 0, 5, 1][index % 4] ?? 0);
  const priorityOf = new Map<string, number>();
  for (const priority of priorities) {
    const { runId } = await scheduler.enqueue('note.for', [50], { priority });
    priorityOf.set(`${runId}.0`, priority);
  }
  // All of them are in the queue, and none has begun.
  await eventually(async () => expect(await scheduler.inspect()).toMatchObject({ counts: { outbox: 0, runs: 26 } }));
  expect(journal.began).toHaveLength(2);
  journal.open('free');
  await settled(place);

  const order = journal.began.slice(2).map(({ executionId }) => priorityOf.get(executionId) ?? Number.NaN);
  expect([...order].sort()).toEqual([...priorities].sort());
  // Runs that two workers take at once may begin in either order.
  const isOvertaken = (priority: number, index: number) =>
    order.slice(0, Math.max(0, index - 1)).some((one) => one > priority);
  expect(order.filter(isOvertaken), `in this order: ${order.join(' ')}`).toEqual([]);
  expectShared(place, workers);
});
