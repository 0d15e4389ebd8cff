import { loadTasks } from '@carillon/worker';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { nothingOwed, together } from '../../support/in-process.js';
import { EXECUTOR_TASKS, Notes, POOLED_TASKS } from '../../support/task-runners.js';

const KINDS = ['async', 'thread', 'process'] as const;

it('a worker runs one task file in its event loop, in threads and in child processes', async () => {
  const { tasks } = await loadTasks(EXECUTOR_TASKS);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 2 }]));
  const { carillon, events, stored } = await together(tasks, { taskFile: POOLED_TASKS, executors });
  for (const executor of KINDS) {
    await carillon.addJob({ id: `greet-${executor}`, task: 'greet', args: [executor], executor } as never);
    await carillon.addJob({ id: `fail-${executor}`, task: 'fail', args: [executor], executor } as never);
    await carillon.addJob({ id: `run-${executor}`, task: 'run', args: [], executor } as never);
  }
  await carillon.addJob({ id: 'dying', task: 'exit', args: [5], executor: 'process' } as never);
  await eventually(() => expect(events.of('job_executed').length + events.of('job_error').length).toBe(10));
  await events.upToDate();
  const executed = new Map(events.of('job_executed').map((event) => [event.jobId, event]));
  const failed = new Map(events.of('job_error').map(({ jobId, error }) => [jobId, error]));
  for (const kind of KINDS) {
    expect(executed.get(`greet-${kind}`)?.value).toBe(`Hello, ${kind}.`);
    expect(failed.get(`fail-${kind}`)).toMatchObject({ name: 'OrderError', message: kind, code: 'ORDER_CLOSED' });
    const run = executed.get(`run-${kind}`);
    expect(run?.value).toMatchObject({
      executionId: run?.executionId,
      runId: run?.runId,
      jobId: `run-${kind}`,
      scheduledRunTime: run?.scheduledRunTime.toISOString(),
      isDate: true,
    });
  }
  expect(failed.get('dying')).toMatchObject({ code: 'EXECUTOR_DIED' });
  await nothingOwed(stored);
});

const NOON_JOB = /is Date|is a Date/;

it('a task enqueues, and adds and changes jobs, through its worker, alike in all kinds', async () => {
  const { tasks } = await loadTasks(EXECUTOR_TASKS);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }]));
  const settings = { taskFile: POOLED_TASKS, executors: { default: {}, ...executors } };
  const { carillon, events, stored } = await together(tasks, settings);
  const found = [];
  for (const executor of KINDS) {
    const run = await carillon.enqueue('use-scheduler' as never, [] as never, { executor } as never);
    const text = JSON.stringify(await run.result({ timeout: '60s' }));
    const { first, ...rest } = JSON.parse(text.replaceAll(run.runId, 'RUN'));
    await eventually(() => {
      const values = events.of('job_executed').map(({ value }) => JSON.stringify(value));
      expect(values).toEqual(expect.arrayContaining([`"Hello, of-${run.runId}."`]));
      expect(events.of('job_executed').filter(({ runId }) => runId === first)).toHaveLength(1);
    });
    found.push(rest);
    const job = await carillon.getJob(`of-${run.runId}`);
    expect([job?.name, job?.task, JSON.stringify(job?.args)]).toEqual(['new', 'echo', '[{"__proto__":1},null]']);
    await job?.remove({ cancelRuns: true });
    const more = await carillon.enqueue('use-scheduler-options' as never, [] as never, { executor } as never);
    const ofMore = `of-${more.runId}`;
    expect(await more.result({ timeout: '60s' })).toEqual({
      ...{ planned: ofMore, isAbsent: true, stale: 'STALE_REVISION', dry: true, found: [[ofMore], [ofMore], [ofMore]] },
      ...{ same: true, states: true, ended: true, failed: [] },
    });
  }
  const id = 'of-RUN';
  expect(found[0]).toMatchObject({
    jobs: [id, 'default', true, `${id}-a`, '2100-01-01T00:00:00.000Z'],
    page: [id, `${id}-a`, `${id}-b`],
    isOurs: true,
    refusals: [
      { name: 'ConflictingIdError', code: 'CONFLICTING_ID', message: expect.stringContaining(`job "${id}" exists`) },
      { name: 'InvalidJobError', code: 'INVALID_JOB', message: expect.stringMatching(NOON_JOB) },
      { name: 'InvalidJobError', code: 'INVALID_JOB', message: expect.stringContaining('delay') },
      { name: 'JobNotFoundError', code: 'JOB_NOT_FOUND' },
      { name: 'UnknownJobStoreError', code: 'UNKNOWN_JOB_STORE', message: expect.stringContaining('of this run') },
      { name: 'InvalidOptionsError', code: 'INVALID_OPTIONS' },
    ],
    paused: true,
    resumed: false,
    renamed: 'new',
    moved: 13,
    state: 'scheduled',
    cancelled: ['cancelled', 'cancelled'],
    same: [true, false, true, true],
    left: true,
    ran: [id, 'default'],
  });
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  for (const executor of KINDS) {
    const notes = new Notes();
    await carillon.enqueue('use-scheduler-late' as never, [notes.file] as never, { executor } as never);
    expect(await notes.reach(1)).toEqual(['ShutDownError SHUT_DOWN']);
  }
  await nothingOwed(stored);
});
