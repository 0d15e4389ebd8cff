import { fileURLToPath } from 'node:url';
import { loadTasks } from '@carillon/worker';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { together } from '../../support/in-process.js';

const KINDS = ['thread', 'process'] as const;

it('threads and child processes check the arguments of a task too, and do not try again', async () => {
  const taskFile = fileURLToPath(new URL('../../../examples/contracts/zod.js', import.meta.url));
  const { tasks } = await loadTasks(taskFile);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }]));
  // This worker knows no schema of the task, so only its threads and child processes check.
  const plain = { 'mail.send': (...args: never[]) => tasks['mail.send']?.(...args) };
  const { carillon, events } = await together(plain, { taskFile, executors });
  for (const executor of KINDS) {
    const options = { executor, retry: { attempts: 3 } };
    await carillon.enqueue('mail.send' as never, [{ to: 'ada@example.com' }] as never, options as never);
    await carillon.enqueue('mail.send' as never, [{ to: 'nobody' }] as never, options as never);
  }
  await eventually(() => expect(events.of('job_executed').length + events.of('job_error').length).toBe(4));
  await events.upToDate();
  expect(events.of('job_executed').map(({ value }) => value)).toEqual(Array(2).fill('1 to ada@example.com'));
  for (const { error } of events.of('job_error')) {
    expect(error).toMatchObject({ name: 'InvalidArgumentsError', code: 'INVALID_ARGUMENTS' });
    expect(error.message).toContain('args[0].to: ');
  }
  expect(events.of('job_retrying')).toEqual([]);
});
