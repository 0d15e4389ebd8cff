import { InvalidOptionsError, InvalidTriggerError } from '@carillon/core';
import { expect, it, onTestFinished } from 'vitest';
import { NodeCron } from '../../../../packages/carillon/src/node-cron/node-cron.js';
import { checkOptions, type TaskOptions } from '../../../../packages/carillon/src/node-cron/options.js';
import { jobOf } from '../../../../packages/carillon/src/node-cron/spec.js';

const jobWith = (options: TaskOptions) =>
  jobOf('0 * * * *', checkOptions({ timezone: 'UTC', ...options }), { key: 'a', task: 'a', name: 'a' });

it('lets a fire be 60 s late, or as missedExecutionTolerance says; Infinity is not a limit', () => {
  const graceOf = (missedExecutionTolerance?: number) => jobWith({ missedExecutionTolerance }).misfireGraceTime;
  expect([graceOf(), graceOf(5_000), graceOf(Number.POSITIVE_INFINITY)]).toEqual([60_000, 5_000, null]);
});

it('makes maxRandomDelay the jitter of the trigger', () => {
  expect(jobWith({ maxRandomDelay: 60_000 }).trigger).toMatchObject({ jitter: 60_000 });
  expect(() => jobWith({ maxRandomDelay: -1 })).toThrow(InvalidOptionsError);
});

it('takes up to 100,000 executions', () => {
  expect(jobWith({ maxExecutions: 100_000 }).maxRuns).toBe(100_000);
  expect(() => jobWith({ maxExecutions: 100_001 })).toThrow('maxExecutions: 100001 is not a number from 0 to 100000');
});

it.each(['+02:00', 'PST'])('refuses the zone %s', (timezone) => {
  expect(() => jobWith({ timezone })).toThrow(InvalidTriggerError);
});

it('has no next run once the task is destroyed', async () => {
  const cron = new NodeCron();
  cron.configure({ redis: null });
  onTestFinished(async () => void (await cron.shutdown()));
  const task = cron.createTask('0 3 1 1 *', () => {}, { name: 'yearly' });
  await task.start();
  expect(task.getNextRun()).toBeInstanceOf(Date);
  await task.destroy();
  expect(task.getNextRun()).toBeNull();
});
