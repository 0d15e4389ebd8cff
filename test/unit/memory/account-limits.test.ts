import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

const DAY = 86_400_000;

it('a job keeps as much of what was of it as it says, else as much as the leader says', async () => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const jobDefaults = { account: { age: '2d' } } as const;
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const another = new Scheduler({ backend: cluster.connect(), logger, jobDefaults });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger, account: { entries: 3, age: '1h' } });
  onTestFinished(async () => {
    const down = Promise.all([scheduler, another, coordinator].map((member) => member.shutdown()));
    await clock.advance('2h');
    await down;
  });
  await coordinator.start();
  await clock.advance('10s');
  const spec = { task: 'ping', trigger: interval('1d') };
  const { account } = await scheduler.addJob({ ...spec, id: 'own', metrics: true, account: { entries: 6 } });
  expect(account).toEqual({ entries: 6, age: 90 * DAY });
  expect((await another.addJob({ ...spec, id: 'default' })).account).toEqual({ entries: 1_000, age: 2 * DAY });
  expect((await scheduler.addJob({ ...spec, id: 'none' })).account).toBeNull();
  const { records } = cluster.connect().jobStore('default');
  const kept = async (id: string) => (await records.account(id)).entries.length;
  const change = async (times: number) => {
    for (let time = 0; time < times; time++)
      for (const id of ['own', 'default', 'none']) await scheduler.modifyJob(id, { name: `${id} ${time} ${times}` });
  };
  await change(9);
  expect(await Promise.all(['own', 'default', 'none'].map(kept))).toEqual([6, 9, 3]);
  await scheduler.modifyJob('own', { account: null });
  expect((await scheduler.getJob('own'))?.account).toBeNull();
  await change(2);
  expect(await kept('own')).toBe(3);
});

it.each([
  [{ entries: 1 }, 'account.entries'],
  [{ entries: 100_001 }, 'account.entries'],
  [{ entries: 2.5 }, 'account.entries'],
  [{ age: '3651d' }, 'account.age'],
  [{ age: 0 }, 'account.age'],
  [{ perJob: 5 }, 'account'],
  ['90d', 'account'],
])('an account of %j is refused, of a job and of a coordinator', async (account, field) => {
  const cluster = new MemoryCluster({ clock: new VirtualClock(new Date('2026-01-01T00:00:00Z')) });
  const backend = cluster.connect();
  const scheduler = new Scheduler({ backend, logger });
  onTestFinished(() => scheduler.shutdown());
  const given = { account: account as never };
  await expect(scheduler.addJob({ task: 'ping', ...given })).rejects.toThrow(field);
  expect(() => new Coordinator({ backend, logger, ...given })).toThrow(field);
});
