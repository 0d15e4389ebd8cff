import { RunCancelledError, type RunHandle, Scheduler } from '@carillon/core';
import { describe, expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { expectShared, type Place, settled, startCluster, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';

const KINDS = ['async', 'thread', 'process'] as const;

/** Uses a client that knows only the id of a run, and has enqueued none. */
async function anotherClient<T>({ redis, prefix }: Place, use: (scheduler: Scheduler) => Promise<T>): Promise<T> {
  await using scheduler = new Scheduler({ redis, prefix, logger: silent });
  return await use(scheduler);
}

const cancel = (place: Place, { runId }: RunHandle) => anotherClient(place, (scheduler) => scheduler.cancelRun(runId));

function reaches(place: Place, { runId }: RunHandle, state: string): Promise<void> {
  return eventually(async () => expect(await place.scheduler.getRun(runId)).toMatchObject({ state }));
}

async function expectCancelled(run: RunHandle): Promise<void> {
  await expect(run.result({ timeout: '2m' })).rejects.toBeInstanceOf(RunCancelledError);
}

describe.concurrent('a run is cancelled from another process', () => {
  test('before it has begun: it is in the queue, waits for an instance, or for its next attempt', async ({ place }) => {
    const { scheduler, journal } = place;
    const events = await captureEvents(scheduler);
    const { workers } = await startCluster(place, { executors: { default: { concurrency: 2 } } });

    const retry = { attempts: 2, backoff: { type: 'fixed', delay: '1h' } } as const;
    const job = { task: 'note.failAt', args: [1], retry, overlap: 'queue', nextRunTime: null } as const;
    await scheduler.addJob({ id: 'one', ...job });
    const retrying = await scheduler.runJob('one');
    await reaches(place, retrying, 'retrying');
    // The run that waits for its retry holds the only instance.
    const waiting = await scheduler.runJob('one');
    await reaches(place, waiting, 'waiting');
    for (let count = 1; count <= 4; count++) await scheduler.enqueue('note.until', ['free']);
    await eventually(() => expect(journal.began).toHaveLength(5));
    const queued = await scheduler.enqueue('note.for', [0]);
    await reaches(place, queued, 'queued');

    expect(await cancel(place, queued)).toBe('cancelled');
    expect(await cancel(place, waiting)).toBe('cancelled');
    const next = await scheduler.runJob('one');
    await reaches(place, next, 'waiting');
    expect(await cancel(place, retrying)).toBe('cancelled');
    // A repeated call returns the same answer, and the instance is free.
    expect(await cancel(place, retrying)).toBe('cancelled');
    await reaches(place, next, 'queued');
    expect(await cancel(place, next)).toBe('cancelled');
    await Promise.all([queued, waiting, retrying, next].map(expectCancelled));

    journal.open('free');
    await settled(place);
    const cancelled = [queued, waiting, retrying, next].map(({ runId }) => runId).sort();
    await events.upToDate();
    expect(
      events
        .of('job_cancelled')
        .map(({ runId }) => runId)
        .sort(),
    ).toEqual(cancelled);
    const began = journal.began.map(({ executionId }) => executionId.replace(/\.0$/, ''));
    expect(began.filter((runId) => cancelled.includes(runId))).toEqual([retrying.runId]);
    expect(events.of('job_executed')).toHaveLength(4);
    expect(events.of('job_error')).toEqual([]);
    expectShared(place, workers);
  });

  test('while its task is at work, in each kind of executor, whether it obeys its signal or not', async ({ place }) => {
    const { scheduler, journal } = place;
    const events = await captureEvents(scheduler);
    const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 2 }]));
    const { workers } = await startCluster(place, { executors, lease: '20s' });
    const obeying = await Promise.all(
      KINDS.flatMap((executor) => [1, 2].map(() => scheduler.enqueue('note.obey', ['never'], { executor }))),
    );
    const ignoring = await Promise.all(
      KINDS.map((executor) => scheduler.enqueue('note.until', ['late'], { executor })),
    );
    const runs = [...obeying, ...ignoring];
    await eventually(() => expect(journal.began).toHaveLength(runs.length));
    expect(new Set(journal.began.map(({ workerId }) => workerId))).toEqual(new Set(workers.map(({ id }) => id)));
    // A task on the event loop or in a thread is in the process of its worker.
    expect(new Set(journal.began.map(({ pid }) => pid)).size).toBeGreaterThan(3);

    expect(await Promise.all(runs.map((run) => cancel(place, run)))).toEqual(runs.map(() => 'cancelling'));
    await Promise.all(runs.map(expectCancelled));
    await settled(place);

    // Each signal was aborted, in the thread or process of its task. The tasks that reacted to it ended by themselves.
    const reason = { name: 'RunCancelledError', code: 'RUN_CANCELLED' };
    for (const { runId } of obeying) {
      expect(journal.of(`${runId}.0`).map(({ what }) => what)).toEqual(['began', 'aborted', 'ended']);
    }
    expect(journal.aborted.map((entry) => entry.reason)).toEqual(runs.map(() => reason));
    // Of the others, only the one on the event loop goes on: threads and processes are stopped.
    journal.open('late');
    const ended = () =>
      ignoring.map(({ runId }) =>
        journal
          .of(`${runId}.0`)
          .map(({ what }) => what)
          .includes('ended'),
      );
    await eventually(() => expect(ended()[0]).toBe(true));
    const next = await Promise.all(
      KINDS.flatMap((executor) => [1, 2, 3, 4].map(() => scheduler.enqueue('note.for', [300], { executor }))),
    );
    await Promise.all(next.map((run) => run.result({ timeout: '2m' })));
    expect(ended()).toEqual([true, false, false]);

    await settled(place);
    await events.upToDate();
    expect(events.of('job_cancelled')).toHaveLength(runs.length);
    expect(events.of('job_executed')).toHaveLength(next.length);
    expect(events.of('job_error')).toEqual([]);
    expectShared(place, workers);
  });

  test('with its job', async ({ place }) => {
    const { scheduler, journal } = place;
    const events = await captureEvents(scheduler);
    const { workers } = await startCluster(place, { executors: { default: { concurrency: 2 } } });
    const policy = { maxInstances: 5, overlap: 'queue', nextRunTime: null } as const;
    await scheduler.addJobs(['gone', 'stays'].map((id) => ({ id, task: 'note.obey', args: [id], ...policy })));
    const staying = await scheduler.runJob('stays');
    const runs = [];
    for (let count = 1; count <= 6; count++) runs.push(await scheduler.runJob('gone'));
    await eventually(() => expect(journal.began).toHaveLength(4));
    const states = async () => (await scheduler.getRuns('gone')).map(({ state }) => state).sort();
    await eventually(async () =>
      expect(await states()).toEqual(['queued', 'queued', 'running', 'running', 'running', 'waiting']),
    );

    await anotherClient(place, (another) => another.removeJob('gone', { cancelRuns: true }));
    await Promise.all(runs.map(expectCancelled));
    expect(await states()).toEqual(runs.map(() => 'cancelled'));
    journal.open('stays');
    expect(workers.map(({ id }) => id)).toContain(await staying.result({ timeout: '2m' }));
    await settled(place);
    await events.upToDate();
    expect(events.of('job_cancelled')).toHaveLength(runs.length);
    expect(events.of('job_executed')).toMatchObject([{ jobId: 'stays' }]);
    expect(journal.aborted.map(({ jobId }) => jobId)).toEqual(['gone', 'gone', 'gone']);
    expectShared(place, workers);
  });
});
