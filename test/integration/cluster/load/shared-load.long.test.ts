import { date, type JobSpec, type UntypedTasks } from '@carillon/core';
import { expect } from 'vitest';
import { captureEvents } from '../../../support/captured-events.js';
import { kill9, settled, startCoordinator, startWorker, test } from '../../../support/cluster.js';
import { eventually } from '../../../support/eventually.js';
import type { Entry } from '../../../support/journal.js';

const RUNS = 1_500;
const TASK_MS = 200;

/** The longest time at a stretch that a worker was idle while runs still waited to begin, ms. */
function longestIdle(entries: readonly Entry[], workerId: string): number {
  const began = entries.filter(({ what }) => what === 'began').map(({ at }) => at);
  const [first, last] = [Math.min(...began), Math.max(...began)];
  let [running, idleSince, longest] = [0, first, 0];
  for (const { what, at } of entries.filter((entry) => entry.workerId === workerId && entry.at <= last)) {
    if (what === 'began' && running === 0) longest = Math.max(longest, at - idleSince);
    running += what === 'began' ? 1 : -1;
    if (running === 0) idleSince = at;
  }
  return running === 0 ? Math.max(longest, last - idleSince) : longest;
}

test('a burst is shared evenly, and no worker is idle while runs wait', async ({ place }) => {
  const executors = { default: { concurrency: 20 } };
  const workers = await Promise.all([1, 2, 3].map(() => startWorker(place, { executors })));
  await startCoordinator(place);
  const at = new Date(Date.now() + 1_000);
  const jobs = Array.from({ length: RUNS }, (_, index): JobSpec<UntypedTasks> => {
    return { id: `burst-${index}`, task: 'record.for', args: [TASK_MS], trigger: date(at) };
  });
  await place.scheduler.addJobs(jobs);
  await eventually(() => expect(place.journal.ended).toHaveLength(RUNS), 60_000);
  await settled(place);

  const { entries, began } = place.journal;
  expect(new Set(began.map(({ executionId }) => executionId)).size).toBe(RUNS);
  const fair = RUNS / workers.length;
  for (const { id } of workers) {
    const share = began.filter(({ workerId }) => workerId === id).length;
    expect(share, `share of ${id}`).toBeGreaterThan(fair * 0.8);
    expect(share, `share of ${id}`).toBeLessThan(fair * 1.2);
    expect(longestIdle(entries, id), `longest time that ${id} was idle`).toBeLessThan(5 * TASK_MS);
  }
});

test('twenty runs of a worker that was killed run again elsewhere within ten seconds', async ({ place }) => {
  const events = await captureEvents(place.scheduler);
  const executors = { default: { concurrency: 20 } };
  const [killed] = await Promise.all([startWorker(place, { executors }), startCoordinator(place)]);
  for (let index = 0; index < 20; index++) await place.scheduler.addJob({ id: `held-${index}`, task: 'record.held' });
  await eventually(() => expect(place.journal.began).toHaveLength(20));
  const first = place.journal.began;
  const other = await startWorker(place, { executors });
  await kill9(killed);

  // The promise is 10 s; a test allows five times that.
  await eventually(() => expect(place.journal.began).toHaveLength(40), 50_000);
  const again = place.journal.began.slice(20);
  await Promise.all(again.map(({ executionId }) => other.ask('release', executionId)));
  await settled(place);

  const idsOf = (entries: readonly Entry[]) => entries.map(({ executionId }) => executionId).sort();
  expect(first.map(({ workerId }) => workerId)).toEqual(Array(20).fill(killed.id));
  expect(again.map(({ workerId }) => workerId)).toEqual(Array(20).fill(other.id));
  expect(idsOf(again)).toEqual(idsOf(first));
  await events.upToDate();
  expect(
    events
      .of('job_executed')
      .map(({ executionId }) => executionId)
      .sort(),
  ).toEqual(idsOf(first));
  expect(events.of('job_error')).toEqual([]);
});
