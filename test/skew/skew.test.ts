import { Coordinator } from '@carillon/coordinator';
import { interval } from '@carillon/core';
import { FORMATS } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { newScheduler, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';
import { oldRelease } from './old-release.js';
import { rollThereAndBack } from './rolling.js';

test('a rolling upgrade of a live cluster and back, coordinators first, then workers, loses nothing', async () => {
  await rollThereAndBack(await oldRelease('format-1'), [['coordinator', 'worker']]);
});

test('each release reads what the other one wrote: jobs, runs that wait, outcomes, events', async () => {
  const old = await oldRelease('format-1');
  const { prefix } = new Stored();
  const redis = redisUrl();
  const fresh = newScheduler(prefix);
  const client = new old.core.Scheduler({ redis, prefix, logger: silent });
  onTestFinished(() => client.shutdown());
  const clients = { old: client, new: fresh };
  // Without a member, the store has the lowest format, whichever client writes first.
  for (const [name, one] of Object.entries(clients)) {
    await one.addJob({ id: `of-${name}`, task: 'note', trigger: interval({ hours: 1 }), args: [name], history: {} });
  }
  const queued = { old: await client.enqueue('note', ['x']), new: await fresh.enqueue('note', ['y']) };
  for (const one of Object.values(clients)) {
    expect((await one.getJobs()).jobs.map(({ id }) => id).sort()).toEqual(['of-new', 'of-old']);
    for (const { runId } of Object.values(queued)) expect((await one.getRun(runId))?.state).toBe('queued');
  }
  await client.modifyJob('of-new', { priority: 5 });
  await fresh.pauseJob('of-old');
  await client.resumeJob('of-old');
  expect((await fresh.getJob('of-new'))?.priority).toBe(5);
  // The leader is new and the worker old: the worker runs what the leader writes. Then the other way round.
  for (const [Lead, Work, name] of [
    [Coordinator, old.worker.Worker, 'old'],
    [old.coordinator.Coordinator, Worker, 'new'],
  ] as const) {
    const common = { redis, prefix, logger: silent, lease: 5_000 };
    const coordinator = new Lead(common);
    const worker = new Work({ ...common, tasks: { note: (what: string) => `${what} by ${name}` } });
    await Promise.all([coordinator.start(), worker.start()]);
    for (const one of Object.values(clients)) {
      const run = await one.runJob('of-new');
      expect(await run.result({ timeout: '60s' })).toBe(`new by ${name}`);
      for (const other of Object.values(clients)) {
        expect(await other.getRun(run.runId)).toMatchObject({ state: 'executed' });
        expect((await other.getJob('of-new'))?.lastRun).toMatchObject({ outcome: 'executed' });
      }
    }
    expect((await fresh.inspect()).format).toBe(1);
    await Promise.all([coordinator.shutdown(), worker.shutdown()]);
  }
});

test('a client and members of the old release alone are refused by what newer members write; old members lower it by themselves', async () => {
  const old = await oldRelease('format-1');
  const { prefix } = new Stored();
  const redis = redisUrl();
  const fresh = newScheduler(prefix);
  const common = { redis, prefix, logger: silent, lease: 5_000 };
  const tasks = { note: (what: string) => what };
  const [coordinator, worker] = [new Coordinator(common), new Worker({ ...common, tasks })];
  await Promise.all([coordinator.start(), worker.start()]);
  await eventually(async () => expect((await fresh.inspect()).format).toBe(FORMATS.newest));
  const client = new old.core.Scheduler({ redis, prefix, logger: silent });
  onTestFinished(() => client.shutdown());
  await expect(client.addJob({ id: 'a', task: 'note' })).rejects.toMatchObject({
    code: 'FORMAT_TOO_NEW',
    format: FORMATS.newest,
    reads: 1,
  });
  await fresh.addJob({ id: 'a', task: 'note', args: ['a'], trigger: interval({ hours: 1 }) });
  await (await fresh.runJob('a')).result({ timeout: '60s' });
  // All members are rolled back at once.
  await Promise.all([coordinator.shutdown(), worker.shutdown()]);
  const members = [new old.coordinator.Coordinator(common), new old.worker.Worker({ ...common, tasks })] as const;
  await Promise.all(members.map((member) => member.start()));
  expect(members.map((member) => member.health().unserved)).toEqual([[], []]);
  expect(await (await client.runJob('a')).result({ timeout: '60s' })).toBe('a');
  expect((await client.getJob('a'))?.lastRun).toMatchObject({ outcome: 'executed', executed: 2 });
  await Promise.all(members.map((member) => member.shutdown()));
});
