import { interval, type Retry } from '@carillon/core';
import { describe, expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import {
  coordinateHere,
  expectShared,
  finished,
  kill9,
  type Place,
  settled,
  startCluster,
  startWorker,
  test,
} from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import type { Entry } from '../../support/journal.js';

/** With one slot each, both workers are needed: one alone gets too little done while the other waits for a processor. */
const one = { executors: { default: { concurrency: 1 } } } as const;

const fixed = (attempts: number, delay: number): Retry => ({ attempts, backoff: { type: 'fixed', delay } });

const attemptsOf = (entries: readonly Entry[]) => entries.map(({ attempt }) => attempt);

/** How long after the end of each attempt the next one began, ms. */
function pauses(entries: readonly Entry[]): readonly number[] {
  const began = entries.filter(({ what }) => what === 'began');
  const ended = entries.filter(({ what }) => what === 'ended');
  return began.slice(1).map(({ at }, index) => at - (ended[index]?.at ?? Number.NaN));
}

function begun(place: Place, attempt: number): Promise<Entry> {
  return eventually(() => {
    const entry = place.journal.began.find((one) => one.attempt === attempt);
    return entry ?? expect.fail(`attempt ${attempt} has not begun`);
  });
}

describe.concurrent('a run that fails is tried again', () => {
  test('not before its time, by any worker, as the same execution; its instance is held', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    const { workers } = await startCluster(place, one);
    const jobIds = ['a', 'b', 'c', 'd'];
    const retry: Retry = { attempts: 5, backoff: { type: 'exponential', delay: '500ms' } };
    const trigger = interval({ seconds: 1, startAt: new Date(Date.now() + 500) });
    const spec = { task: 'note.failAt', args: [2, 300], trigger, retry, maxInstances: 1, maxRuns: 4 };
    await place.scheduler.addJobs(jobIds.map((id) => ({ id, ...spec })));
    await finished(place);
    await events.upToDate();

    const executions = [...new Set(place.journal.began.map(({ executionId }) => executionId))];
    for (const id of executions) {
      const entries = place.journal.of(id);
      expect(attemptsOf(entries)).toEqual([1, 1, 2, 2, 3, 3]);
      const [first = 0, second = 0] = pauses(entries);
      // Redis and the journal use the same clock, but round it differently.
      expect(first).toBeGreaterThanOrEqual(499);
      expect(second).toBeGreaterThanOrEqual(999);

      const runId = id.replace(/\.0$/, '');
      const reported = events.all.filter((event) => 'runId' in event && event.runId === runId);
      const tried = ['job_started', 'job_retrying'];
      const types = ['job_submitted', ...tried, ...tried, 'job_started', 'job_executed'];
      expect(reported.map(({ type }) => type)).toEqual(types);
      const retrying = events.of('job_retrying').filter((event) => event.runId === runId);
      expect(retrying.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(retrying.map(({ retryAt, at }) => retryAt.getTime() - at.getTime())).toEqual([500, 1_000]);
      for (const event of retrying) {
        expect(event).toMatchObject({ executionId: id, error: { name: 'OrderError', code: 'ORDER_CLOSED' } });
      }
    }
    const placesOf = (id: string) => new Set(place.journal.of(id).map(({ workerId }) => workerId)).size;
    expect(Math.max(...executions.map(placesOf))).toBe(2);
    for (const id of jobIds) {
      // From its first attempt to its last, a run is the only one of its job: attempt 1 begins only after attempt 3 of another has ended.
      expect(attemptsOf(place.journal.of(id)).join('')).toMatch(/^(112233)+$/);
      const skipped = events.of('job_max_instances').filter(({ jobId }) => jobId === id);
      const ran = executions.filter((execution) => place.journal.of(execution)[0]?.jobId === id);
      const coalesced = events.of('job_submitted').filter((event) => event.jobId === id && event.coalesced);
      expect(skipped.length).toBeGreaterThan(0);
      if (coalesced.length === 0) expect(ran.length + skipped.length).toBe(4);
    }
    expect(events.of('job_executed')).toHaveLength(executions.length);
    expect(events.incomplete).toEqual([]);
    expectShared(place, workers);
  });

  test('as often as is said, though its worker is killed meanwhile: that neither counts nor starts again', async ({
    place,
  }) => {
    const events = await captureEvents(place.scheduler);
    // A worker that gets no processor for a while is not counted as lost.
    const lease = { lease: '5s' } as const;
    const [killed] = await Promise.all([startWorker(place, lease), coordinateHere(place)]);
    const { runId } = await place.scheduler.enqueue('note.failAt', [9, 0, 2], { retry: fixed(3, 300) });
    await begun(place, 2);
    const other = await startWorker(place, lease);
    await kill9(killed);
    await begun(place, 4);
    await settled(place);

    const [first, second, ...rest] = place.journal.began;
    expect([first?.workerId, second?.workerId]).toEqual([killed.id, killed.id]);
    expect(rest.map(({ workerId }) => workerId)).toEqual([other.id, other.id]);
    expect(attemptsOf(place.journal.began)).toEqual([1, 2, 3, 4]);
    expect(new Set(place.journal.began.map(({ executionId }) => executionId)).size).toBe(1);
    await events.upToDate();
    expect(events.of('job_retrying').map(({ attempt }) => attempt)).toEqual([1, 3]);
    expect(events.of('job_error')).toMatchObject([{ runId, error: { message: 'attempt 4 fails' } }]);
  });

  test('however short its misfireGraceTime is', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    const { workers } = await startCluster(place, one);
    const jobs = Array.from({ length: 6 }, (_, index) => `job-${index}`);
    const policy = { retry: fixed(2, 3_000), misfireGraceTime: '2s' } as const;
    await place.scheduler.addJobs(jobs.map((id) => ({ id, task: 'note.failAt', args: [1, 300], ...policy })));
    await finished(place);

    // On a busy machine a run may begin too late, and is missed then. A run that began is not missed.
    const tried = jobs.filter((id) => place.journal.of(id).length > 0);
    expect(tried.length).toBeGreaterThan(1);
    await events.upToDate();
    expect(events.of('job_missed').filter(({ jobId }) => tried.includes(jobId ?? ''))).toEqual([]);
    expect(events.of('job_executed')).toMatchObject(tried.map(() => ({ value: 2 })));
    for (const id of tried) expect(Math.min(...pauses(place.journal.of(id)))).toBeGreaterThanOrEqual(2_999);
    expectShared(place, workers);
  });

  test('though Redis is killed and restarted over its append-only file before that', async ({
    placeOnOwnRedis: place,
    ownRedis,
  }) => {
    const { workers } = await startCluster(place, { ...one, lease: '20s' });
    const retry = fixed(2, 2_500);
    const runs = await Promise.all([1, 2, 3, 4].map(() => place.scheduler.enqueue('note.failAt', [1, 500], { retry })));
    const states = () => Promise.all(runs.map(async ({ runId }) => (await place.scheduler.getRun(runId))?.state));
    await eventually(async () => expect(new Set(await states())).toEqual(new Set(['retrying'])));
    await ownRedis.kill();
    await ownRedis.start();
    const results = await Promise.all(runs.map(({ runId }) => eventually(() => resultOf(place, runId))));

    expect(results).toEqual([2, 2, 2, 2]);
    for (const { runId } of runs) {
      const entries = place.journal.of(`${runId}.0`);
      expect(attemptsOf(entries)).toEqual([1, 1, 2, 2]);
      expect(pauses(entries)[0]).toBeGreaterThanOrEqual(2_499);
    }
    expect(place.journal.began).toHaveLength(8);
    expectShared(place, workers);
    await settled(place);
  });
});

async function resultOf({ scheduler }: Place, runId: string): Promise<unknown> {
  const run = await scheduler.getRun(runId);
  return run?.state === 'executed'
    ? run.executions[0]?.outcome === 'executed' && run.executions[0].value
    : expect.fail();
}
