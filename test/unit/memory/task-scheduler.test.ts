import { Coordinator } from '@carillon/coordinator';
import { Scheduler, type TaskRun } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

it('a task enqueues and adds jobs in the job store of its run, and its run ends after the calls that it began', async () => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  let made: TaskRun | undefined;
  let late: (() => Promise<unknown>) | undefined;
  const heard: unknown[] = [];
  const tasks = {
    outer: async () => {
      const { scheduler } = currentRun<{ inner: (by: string) => void }>();
      made = await scheduler.enqueue('inner', ['awaited']);
      await scheduler.addJob({ id: 'daily', task: 'inner', args: ['job'] });
      void scheduler.enqueue('inner', ['not awaited']);
      late = () => scheduler.enqueue('inner', ['late']);
    },
    inner: (by: string) => void heard.push([by, currentRun().jobStore]),
  };
  const jobStores = ['one', 'two'];
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const members = [
    new Coordinator({ backend: cluster.connect(), logger, jobStores }),
    new Worker({ backend: cluster.connect(), logger, jobStores, tasks }),
  ];
  onTestFinished(async () => {
    for (const member of [scheduler, ...members]) {
      const down = member.shutdown();
      await clock.advance(10_000);
      await down;
    }
  });
  await Promise.all(members.map((member) => member.start()));
  await clock.advance(0);
  const run = await scheduler.enqueue('outer', [], { jobStore: 'two' });
  await clock.advance(5_000);
  await expect(scheduler.getRun(run.runId, { jobStore: 'two' })).resolves.toMatchObject({ state: 'executed' });
  expect(heard).toHaveLength(3);
  expect(heard).toEqual(expect.arrayContaining(['awaited', 'job', 'not awaited'].map((by) => [by, 'two'])));
  expect(made).toMatchObject({ jobId: null, jobStore: 'two', isDuplicate: false });
  await expect(late?.()).rejects.toMatchObject({ code: 'SHUT_DOWN', message: expect.stringContaining(run.runId) });
});
