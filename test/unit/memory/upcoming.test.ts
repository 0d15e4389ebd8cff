import { date, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';

test('jobs that are due soon are read ahead, first those that are due first; none while the job store is paused', async () => {
  const clock = new VirtualClock(new Date(10_000));
  const cluster = new MemoryCluster({ clock });
  const backend = cluster.connect();
  const scheduler = new Scheduler({ backend });
  await scheduler.start();
  const at = (id: string, ms: number) => ({ id, task: 't', trigger: date(new Date(ms)) });
  await scheduler.addJobs([at('later', 12_001), at('soon', 12_000), at('due', 10_000), at('sooner', 10_001)]);
  const { terms } = backend.jobStore('default');
  const read = async () => (await terms.upcoming?.(2_000))?.jobs.map(({ id }) => id);
  expect(await read()).toEqual(['sooner', 'soon']);
  await scheduler.pauseJob('sooner');
  expect(await read()).toEqual(['soon']);
  await scheduler.pause();
  expect(await read()).toEqual([]);
  await scheduler.shutdown();
});
