import { expect, test } from 'vitest';
import { newScheduler, Stored } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

test('carillon events --since reports what was published, from a time or from an event on', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  await scheduler.addJob({ id: 'x', task: 'a', nextRunTime: null });
  await scheduler.modifyJob('x', { timeout: '5s' });
  await scheduler.removeJob('x');
  const all = await done(['events', '--since', '10m', '--count', '3', '--json'], { prefix });
  expect(all.json.map(({ type }) => type)).toEqual(['job_added', 'job_modified', 'job_removed']);
  const after = String(all.json[0]?.eventId);
  const rest = await done(['events', '--since', after, '--count', '2', '--json'], { prefix });
  expect(rest.json).toEqual(all.json.slice(1));
  const people = await done(['events', '--since', '10m', '--count', '1'], { prefix });
  expect(people.stdout).toMatch(/^\S+Z default job_added +x task=a nextRunTime=null\n$/);
});

test('carillon events reports some jobs, runs and tasks only', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  for (const [id, task] of [
    ['x', 'a'],
    ['y', 'b'],
  ] as const) {
    await scheduler.addJob({ id, task, nextRunTime: null });
  }
  const first = await scheduler.enqueue('a');
  const second = await scheduler.enqueue('a');
  const reported = async (count: number, ...filter: readonly string[]) => {
    const { json } = await done(['events', '--since', '10m', '--count', String(count), '--json', ...filter], {
      prefix,
    });
    return json.map(({ type, jobId, runId }) => [type, jobId, runId]);
  };
  expect(await reported(1, '--job', 'y')).toEqual([['job_added', 'y', undefined]]);
  expect(await reported(1, '--task', 'b')).toEqual([['job_added', 'y', undefined]]);
  expect(await reported(1, '--run', second.runId)).toEqual([['job_submitted', null, second.runId]]);
  expect(await reported(2, '--run', second.runId, '--run', first.runId)).toHaveLength(2);
  expect(await reported(1, '--task', 'a', '--type', 'job_submitted')).toEqual([['job_submitted', null, first.runId]]);
});

test('carillon events --since refuses what is not a place in the log', async () => {
  const { prefix } = new Stored();
  for (const [since, more] of [
    ['yesterday', []],
    ['1-0', ['--job-store', 'default,other']],
  ] as const) {
    const { code, stderr } = await carillon(['events', '--since', since, ...more], { prefix });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/since/)]);
  }
});
