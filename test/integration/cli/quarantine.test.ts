import { interval } from '@carillon/core';
import { expect, it } from 'vitest';
import { newScheduler, Stored, together } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

/** The record that a leader keeps of an unreadable job. */
const kept = (raw: string | null, dueAt: number) =>
  JSON.stringify({ why: 'colour unrecognized', at: 1_790_000_000_000, raw, dueAt: String(dueAt) });

async function withQuarantine() {
  const stored = new Stored();
  const { prefix, backend } = stored;
  const { jobs, schedule, quarantine } = backend.keys('default');
  const scheduler = newScheduler(prefix);
  await scheduler.addJob({ id: 'x', task: 'a', trigger: interval('1h') });
  const [record, dueAt] = [await backend.client.hget(jobs, 'x'), Number(await backend.client.zscore(schedule, 'x'))];
  const before = await scheduler.getJob('x');
  await backend.client.hdel(jobs, 'x');
  await backend.client.zrem(schedule, 'x');
  await backend.client.hset(quarantine, 'x', kept(record, dueAt));
  await backend.client.hset(quarantine, 'newer', kept('1 1 d {"task": "a", "history": {"colour": "red"}}', dueAt));
  await backend.client.hset(quarantine, 'a run', '{"why": "no run", "at": 1790000000000, "raw": "garbage"}');
  await backend.client.set(`${backend.keys('default').movedAway}log@1`, 'moved');
  await backend.client.hset(quarantine, 'log', '{"why": "a string", "at": 1, "movedTo": "quarantine:log@1"}');
  return { prefix, backend, scheduler, before };
}

it('quarantine list and show report what there is, and what can be restored', async () => {
  const { prefix } = await withQuarantine();
  const { json } = await done(['quarantine', 'list', '--json'], { prefix });
  expect(json.map(({ id, kind, restorable }) => [id, kind, restorable])).toEqual([
    ['a run', 'other', false],
    ['log', 'other', false],
    ['newer', 'job', false],
    ['x', 'job', true],
  ]);
  const people = await done(['quarantine', 'list'], { prefix });
  expect(people.stdout).toMatch(/^x +job +2026-\S+Z +yes +colour unrecognized$/m);
  const shown = await done(['quarantine', 'show', 'newer'], { prefix });
  expect(shown.stdout).toMatch(
    /^restorable +no$[\s\S]*^record +1 1 d \{"task": "a", "history": \{"colour": "red"\}\}$/m,
  );
  expect((await done(['quarantine', 'show', 'x', '--json'], { prefix })).json).toMatchObject([{ id: 'x' }]);
  expect((await carillon(['quarantine', 'show', 'nobody'], { prefix })).code).toBe(3);
});

it('quarantine restore puts a job back as it was, and refuses what cannot be', async () => {
  const { prefix, scheduler, before } = await withQuarantine();
  const restored = await done(['quarantine', 'restore', 'x'], { prefix });
  expect(restored.stdout).toBe(`job "x": next run ${before?.nextRunTime?.toISOString()}\n`);
  expect(JSON.stringify(await scheduler.getJob('x'))).toBe(JSON.stringify(before));
  for (const [id, code, says] of [
    ['newer', 5, /cannot be read.*colour/],
    ['a run', 5, /not the record of a job/],
    ['log', 5, /not the record of a job/],
    ['x', 3, /not in quarantine/],
  ] as const) {
    const ended = await carillon(['quarantine', 'restore', id], { prefix });
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(ended.stderr).toMatch(/^carillon: [^\n]+\n$/);
  }
});

it('quarantine restore does not take the place of a job that was added meanwhile', async () => {
  const { prefix, scheduler } = await withQuarantine();
  await scheduler.addJob({ id: 'x', task: 'b', trigger: interval('2h') });
  expect((await carillon(['quarantine', 'restore', 'x'], { prefix })).code).toBe(5);
  expect(await scheduler.getJob('x')).toMatchObject({ task: 'b' });
});

it('quarantine remove removes a record, and the key that was moved away with it', async () => {
  const { prefix, backend } = await withQuarantine();
  const moved = `${backend.keys('default').movedAway}log@1`;
  for (const id of ['newer', 'log']) await done(['quarantine', 'remove', id], { prefix });
  expect(await backend.client.exists(moved)).toBe(0);
  expect((await done(['quarantine', 'list', '--json'], { prefix })).json.map(({ id }) => id)).toEqual(['a run', 'x']);
  expect((await carillon(['quarantine', 'remove', 'newer'], { prefix })).code).toBe(3);
});

it('a job that was quarantined by the leader runs what it owes once it is restored', async () => {
  const { carillon, events, stored } = await together({ a: () => 'done' });
  const { jobs, quarantine } = stored.backend.keys('default');
  const { client } = stored.backend;
  await carillon.addJob({ id: 'x', task: 'a', trigger: interval('1h'), nextRunTime: new Date('2999-01-01T00:00:00Z') });
  const record = (await client.hget(jobs, 'x')) ?? '';
  await client.hset(jobs, 'x', record.replace('"task"', '"history":{"colour":1},"task"'));
  // The job is due and unreadable: the leader moves it away.
  await client.zadd(stored.backend.keys('default').schedule, Date.now() - 1_000, 'x');
  await client.publish(stored.backend.keys('default').wakeup, 'leader');
  await events.first('job_quarantined');
  await expect(carillon.restoreQuarantined('x')).rejects.toMatchObject({ code: 'NOT_RESTORABLE' });
  // A newer release would read it. The test repairs its record instead.
  const entry = JSON.parse((await client.hget(quarantine, 'x')) ?? '');
  await client.hset(quarantine, 'x', JSON.stringify({ ...entry, raw: record }));
  await carillon.restoreQuarantined('x');
  expect(await events.first('job_executed')).toMatchObject({ jobId: 'x', value: 'done' });
});
