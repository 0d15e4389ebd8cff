import { loadTasks } from '@carillon/worker';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { nothingOwed, together } from '../../support/in-process.js';
import { EXECUTOR_TASKS } from '../../support/task-runners.js';

const KINDS = ['async', 'thread', 'process'] as const;

it('a worker runs one task file in its event loop, in threads and in child processes', async () => {
  const tasks = await loadTasks(EXECUTOR_TASKS);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 2 }]));
  const { carillon, events, stored } = await together(tasks, { taskFile: EXECUTOR_TASKS, executors });
  for (const executor of KINDS) {
    await carillon.addJob({ id: `greet-${executor}`, task: 'greet', args: [executor], executor } as never);
    await carillon.addJob({ id: `fail-${executor}`, task: 'fail', args: [executor], executor } as never);
    await carillon.addJob({ id: `run-${executor}`, task: 'run', args: [], executor } as never);
  }
  await carillon.addJob({ id: 'dying', task: 'exit', args: [5], executor: 'process' } as never);
  await eventually(() => expect(events.of('job_executed').length + events.of('job_error').length).toBe(10));
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
