// task.test.js
import { runTask } from 'carillon/testing';
import { expect, test } from 'vitest';
import { tasks } from './tasks.js';

test('a report is for the day of its fire time', async () => {
  const reported = [];
  const result = await runTask(tasks['report.daily'], ['eu'], {
    scheduledRunTime: new Date('2026-03-29T07:00:00Z'),
    onProgress: (value) => reported.push(value),
  });
  expect(result).toBe('eu 2026-03-29');
  expect(reported).toHaveLength(1);
});

test('mail is not sent at the first attempt', async () => {
  await expect(runTask(tasks['mail.send'], ['a@example.org'])).rejects.toThrow('busy');
  expect(await runTask(tasks['mail.send'], ['a@example.org'], { attempt: 3 })).toEqual({ sent: 'a@example.org' });
});
