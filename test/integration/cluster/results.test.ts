import { InvalidJobError, ResultTimeoutError, RunFailedError, RunNotFoundError, Scheduler } from '@carillon/core';
import { describe, expect } from 'vitest';
import { expectShared, type Place, settled, startCluster, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { failure, silent } from '../../support/in-process.js';

const KINDS = ['async', 'thread', 'process'] as const;
const LIMIT = 512 * 1024;

const anotherClient = ({ redis, prefix }: Place) => new Scheduler({ redis, prefix, logger: silent });

describe.concurrent('outcomes of runs in other processes', () => {
  test('reach the caller that asked for them, and any that knows their ids', async ({ place }) => {
    const { scheduler, journal } = place;
    const { workers } = await startCluster(place, { executors: { default: { concurrency: 10 } } });
    // There are as many runs as both workers take at once: neither can run all of them.
    const runs = await Promise.all(Array.from({ length: 20 }, () => scheduler.enqueue('note.until', ['all'])));
    await using another = anotherClient(place);
    const opened = eventually(() => expect(journal.began).toHaveLength(20)).then(() => journal.open('all'));
    const [answers, read] = await Promise.all([
      Promise.all(runs.map((run) => run.result({ timeout: '2m' }))),
      Promise.all(
        runs.map(({ runId }) =>
          eventually(async () => {
            const run = await another.getRun(runId);
            expect(run?.state).toBe('executed');
            return run;
          }),
        ),
      ),
      opened,
    ]);
    // A task returns the id of the worker that it ran in.
    const byJournal = runs.map(({ runId }) => journal.of(`${runId}.0`)[0]?.workerId);
    expect(answers).toEqual(byJournal);
    expect(read).toMatchObject(
      runs.map(({ runId }, index) => {
        const executionId = `${runId}.0`;
        const executions = [{ executionId, outcome: 'executed', value: answers[index] }];
        return { runId, jobId: null, task: 'note.until', executions };
      }),
    );
    expectShared(place, workers);

    const held = await scheduler.enqueue('note.until', ['free']);
    expect(await failure(() => held.result({ timeout: '300ms' }))).toBeInstanceOf(ResultTimeoutError);
    journal.open('free');
    expect(workers.map(({ id }) => id)).toContain(await held.result({ timeout: '2m' }));
    expect(await another.getRun('no-such-run')).toBeUndefined();
    expect(await failure(() => another.cancelRun('no-such-run'))).toBeInstanceOf(RunNotFoundError);
    expect(await failure(() => another.cancelRun(held.runId))).toBeInstanceOf(RunNotFoundError);
    await settled(place);
  });

  test('is an error with its class, message, code and stack, or that they returned too much, in each kind of executor', async ({
    place,
  }) => {
    const { scheduler, journal } = place;
    const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }]));
    const { workers } = await startCluster(place, { executors, lease: '20s' });
    for (const executor of KINDS) {
      // Each worker runs one of these two. Chance decides which one runs the others.
      const both = await Promise.all([1, 2].map(() => scheduler.enqueue('note.until', [executor], { executor })));
      const begun = () => both.filter(({ runId }) => journal.of(`${runId}.0`).length > 0);
      await eventually(() => expect(begun()).toHaveLength(2));
      journal.open(executor);
      const [large, most, thrown] = await Promise.all([
        scheduler.enqueue('note.large', [LIMIT], { executor }),
        scheduler.enqueue('note.large', [LIMIT - 2], { executor }),
        scheduler.enqueue('note.failAt', [9, 200], { executor }),
      ]);
      const error = await failure(() => thrown.result({ timeout: '2m' }));
      expect(error).toBeInstanceOf(RunFailedError);
      const what = { name: 'OrderError', message: 'attempt 1 fails', code: 'ORDER_CLOSED' };
      const stack = expect.stringMatching(/^OrderError: attempt 1 fails\n.*noting-tasks[-\w]*\.js/s);
      expect(error).toMatchObject({ runId: thrown.runId, error: { ...what, stack }, cause: { ...what, stack } });
      expect(error.cause).toBeInstanceOf(Error);

      expect(await most.result({ timeout: '2m' })).toHaveLength(LIMIT - 2);
      expect(await failure(() => large.result({ timeout: '2m' }))).toMatchObject({
        code: 'RUN_FAILED',
        error: { code: 'RESULT_TOO_LARGE', message: expect.stringContaining('at most 512 KiB: return a reference') },
      });
    }
    // Arguments that are too large are refused before anything is stored.
    for (const call of [
      () => scheduler.enqueue('note.large', ['x'.repeat(LIMIT)]),
      () => scheduler.addJob({ id: 'large', task: 'note.large', args: ['x'.repeat(LIMIT)] }),
    ]) {
      const refused = await failure(call);
      expect(refused).toBeInstanceOf(InvalidJobError);
      expect(refused.message).toMatch(/args.* KiB of JSON; at most 512 KiB: pass a reference/);
    }
    expect(await scheduler.getJob('large')).toBeUndefined();
    expect(journal.began).toHaveLength(5 * KINDS.length);
    await settled(place);
    expectShared(place, workers);
  });

  test('is seen while they run, how far they are, and later as much as the history of their job keeps', async ({
    place,
  }) => {
    const { scheduler, journal } = place;
    const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }]));
    const { workers } = await startCluster(place, { executors, lease: '20s' });
    const watched = { task: 'note.progress', args: [['half', 'whole']], nextRunTime: null, history: {} } as const;
    await scheduler.addJobs(KINDS.map((executor) => ({ id: executor, executor, maxInstances: 2, ...watched })));
    for (const id of [...KINDS, ...KINDS]) await scheduler.runJob(id);
    const all = (reported: object) =>
      eventually(async () => {
        for (const jobId of KINDS) {
          const run = { jobId, task: 'note.progress', ...reported };
          expect(await scheduler.getRuns(jobId)).toMatchObject([run, run]);
        }
      });
    const live = { state: 'running', attempt: 1, cancelling: false, executions: [] };
    await all({ ...live, progress: { done: 0, of: 2 } });
    journal.open('half');
    await all({ ...live, progress: { done: 1, of: 2 } });
    journal.open('whole');
    await all({ state: 'executed', executions: [{ outcome: 'executed', value: 2 }] });
    expectShared(place, workers);

    const history = { perJob: 3 };
    await scheduler.addJob({ id: 'some', task: 'note.for', args: [0], executor: 'async', nextRunTime: null, history });
    const runIds: string[] = [];
    for (let count = 1; count <= 8; count++) {
      const run = await scheduler.runJob('some');
      runIds.unshift(run.runId);
      await run.result({ timeout: '2m' });
    }
    expect((await scheduler.getRuns('some')).map(({ runId }) => runId)).toEqual(runIds.slice(0, 3));
    const known = await Promise.all(runIds.map(async (runId) => (await scheduler.getRun(runId))?.state));
    expect(known).toEqual([...Array(3).fill('executed'), ...Array(5).fill(undefined)]);
    expect(journal.of('some').filter(({ what }) => what === 'ended')).toHaveLength(8);
    await settled(place);
  });
});
