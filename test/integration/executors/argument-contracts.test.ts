import { InvalidArgumentsError } from '@carillon/core';
import { loadTasks, task } from '@carillon/worker';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.js';
import { failure, newScheduler, together } from '../../support/in-process.js';
import { EXECUTOR_TASKS, POOLED_TASKS } from '../../support/task-runners.js';

const KINDS = ['async', 'thread', 'process'] as const;
const length = task({ args: z.tuple([z.string()]), run: (text) => text.length });

it('workers publish the contracts of their tasks: other processes, and tasks in each kind of executor, are refused by them', async () => {
  const { tasks } = await loadTasks(EXECUTOR_TASKS);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }]));
  const { stored, events } = await together({ ...tasks, length }, { taskFile: POOLED_TASKS, executors });
  const scheduler = newScheduler(stored.prefix);
  const options = { executor: 'async' };
  const error = await failure(() => scheduler.enqueue('length', [5], options));
  expect(error).toBeInstanceOf(InvalidArgumentsError);
  expect(error.message).toBe('task "length": args[0]: has type number, not string');
  for (const executor of KINDS) {
    const refused = await scheduler.enqueue('relay', ['length', [5], options], { executor });
    expect(await refused.result()).toBe(error.message);
    const taken = await scheduler.enqueue('relay', ['length', ['five'], options], { executor });
    expect(await taken.result()).toBe('enqueued');
  }
  await eventually(() => expect(events.of('job_executed').filter(({ value }) => value === 4)).toHaveLength(3));
  await events.upToDate();
  expect(events.of('job_error')).toEqual([]);
});
