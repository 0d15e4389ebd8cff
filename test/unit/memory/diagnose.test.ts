import { InvalidOptionsError, interval, Scheduler, UnknownJobStoreError } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { expect, it } from 'vitest';

it('diagnose says what is wrong with the job stores that are named, or with all, and looks at a bounded number of jobs', async () => {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect(), jobStores: ['a', 'b'] });
  const trigger = interval('1h');
  for (const id of ['1', '2', '3']) await scheduler.addJob({ id, task: 'x', jobStore: 'a', trigger });
  const all = await scheduler.diagnose();
  expect(all.server).toBeNull();
  expect(all.jobStores.map(({ jobStore, looked }) => [jobStore, looked])).toEqual([
    ['a', 3],
    ['b', 0],
  ]);
  expect(all.findings.map(({ jobStore, level, code }) => `${jobStore} ${level} ${code}`)).toEqual([
    'a error no_leader',
    'a error no_workers',
    'b warning no_leader',
    'b warning no_workers',
  ]);
  const some = await scheduler.diagnose({ jobStores: ['a'], jobs: 2 });
  expect(some.jobStores).toMatchObject([{ jobStore: 'a', looked: 2 }]);
  await expect(scheduler.diagnose({ jobStores: ['c'] })).rejects.toThrow(UnknownJobStoreError);
  for (const wrong of [{ jobs: 0 }, { jobs: 100_001 }, { jobStores: [] }, { nothing: 1 }]) {
    await expect(scheduler.diagnose(wrong as never)).rejects.toThrow(InvalidOptionsError);
  }
});
