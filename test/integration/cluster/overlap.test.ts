import { interval, type Overlap } from '@carillon/core';
import { describe, expect } from 'vitest';
import { type CapturedEvents, captureEvents } from '../../support/captured-events.js';
import { expectShared, finished, type Place, startCluster, test } from '../../support/cluster.js';
import { Journal } from '../../support/journal.js';

const STEP_MS = 200;
const FIRES = 20;

const idsOf = (events: readonly { readonly runId: string | null }[]) => events.map(({ runId }) => String(runId));

/** Fires a job more often than two runs at once over two workers can keep up with, until each fire has an outcome. */
async function crowd(place: Place, overlap: Overlap, task: string, args: readonly number[]) {
  const events = await captureEvents(place.scheduler);
  const { workers } = await startCluster(place, { executors: { default: { concurrency: 1 } } });
  const startAt = new Date(Math.ceil((Date.now() + 1_000) / STEP_MS) * STEP_MS);
  const trigger = interval({ milliseconds: STEP_MS, startAt });
  const policy = { trigger, overlap, maxInstances: 2, coalesce: false, maxRuns: FIRES } as const;
  await place.scheduler.addJob({ id: 'crowded', task, args, ...policy });
  await finished(place);
  await events.first('job_removed');
  expectShared(place, workers);
  await events.upToDate();
  expect(events.incomplete).toEqual([]);
  return { events, last: startAt.getTime() + (FIRES - 1) * STEP_MS };
}

/** Every fire time got one run or a `job_max_instances` event. Every submitted run has one outcome. */
function expectAccounted(events: CapturedEvents): void {
  const superseded = events.of('job_max_instances');
  const submitted = events.of('job_submitted');
  const fires = [...submitted, ...superseded].flatMap(({ scheduledRunTimes }) => scheduledRunTimes.map(Number));
  expect(new Set(fires).size).toBe(fires.length);
  expect(fires).toHaveLength(FIRES);
  const outcomes = [...events.of('job_executed'), ...events.of('job_cancelled'), ...events.of('job_error')];
  const executions = outcomes.map(({ executionId }) => executionId);
  expect(new Set(executions).size).toBe(executions.length);
  expect(new Set(idsOf(outcomes))).toEqual(new Set(idsOf(submitted)));
  expect(outcomes).toHaveLength(submitted.flatMap(({ scheduledRunTimes }) => scheduledRunTimes).length);
}

describe.concurrent('of a job that fires while two of its runs are alive, never more than two run at once; the fire', () => {
  test('waits, where it is to queue: until a newer one takes its place', async ({ place }) => {
    const { events, last } = await crowd(place, 'queue', 'note.for', [900]);
    const { began, entries } = place.journal;
    expect(Journal.most(entries)).toBe(2);
    expectAccounted(events);
    const superseded = events.of('job_max_instances');
    expect(superseded.length).toBeGreaterThanOrEqual(5);
    expect(events.of('job_executed')).toHaveLength(began.length);
    expect(events.of('job_cancelled')).toEqual([]);
    // The runs that gave way were never run, and the newest of all was.
    const ran = began.map(({ executionId }) => executionId.split('.')[0]);
    expect(ran.filter((runId) => idsOf(superseded).includes(String(runId)))).toEqual([]);
    expect(Math.max(...began.map(({ fireTime }) => fireTime))).toBe(last);
    // Each gave way to a newer run: all runs that were submitted after that are newer.
    for (const { at, scheduledRunTimes } of superseded) {
      const later = events.of('job_submitted').filter((event) => event.at > at);
      expect(later.length).toBeGreaterThan(0);
      for (const event of later)
        expect(Number(event.scheduledRunTimes[0])).toBeGreaterThan(Number(scheduledRunTimes[0]));
    }
  });

  test('takes the place of the oldest, where it is to replace: that is cancelled, and the newest runs to its end', async ({
    place,
  }) => {
    const { events, last } = await crowd(place, 'replace', 'note.obeyFor', [900]);
    const { began, aborted, entries } = place.journal;
    expect(Journal.most(entries)).toBe(2);
    expectAccounted(events);
    expect(events.of('job_cancelled').length).toBeGreaterThanOrEqual(5);
    expect(events.of('job_error')).toEqual([]);
    // Each aborted run got the reason and was the oldest at work, apart from older ones whose own signals are on their way.
    expect(aborted.length).toBeGreaterThanOrEqual(5);
    const isAborted = new Set(aborted.map(({ executionId }) => executionId));
    for (const { reason, executionId, at } of aborted) {
      expect(reason).toMatchObject({ name: 'RunCancelledError', code: 'RUN_CANCELLED' });
      const atWork = began.filter((entry) => {
        const ended = entries.find((one) => one.what === 'ended' && one.executionId === entry.executionId);
        return entry.at <= at && (ended?.at ?? at) >= at;
      });
      const own = began.find((entry) => entry.executionId === executionId)?.fireTime ?? Number.NaN;
      const others = atWork.filter((entry) => !isAborted.has(entry.executionId));
      expect(others.filter(({ fireTime }) => !(fireTime > own))).toEqual([]);
    }
    const executed = events.of('job_executed').map(({ scheduledRunTime }) => scheduledRunTime.getTime());
    expect(executed).toContain(last);
  });
});
