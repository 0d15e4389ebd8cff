import { InvalidOptionsError, Scheduler, StaleRevisionError } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { expect, it } from 'vitest';

it('addJob with ifRevision replaces the job that was looked at, or adds one where there was none', async () => {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  const spec = (task: string) => ({ id: 'j', task, replaceExisting: true });
  const add = (task: string, ifRevision: number | null, dryRun = false) =>
    scheduler.addJob(spec(task), { ifRevision, dryRun });
  await expect(add('a', 7)).rejects.toThrow(StaleRevisionError);
  expect(await scheduler.getJob('j')).toBeUndefined();
  await add('a', null);
  await expect(add('b', null)).rejects.toThrow(StaleRevisionError);
  await expect(add('b', null, true)).rejects.toThrow(StaleRevisionError);
  const { revision } = (await scheduler.getJob('j')) ?? {};
  await add('b', revision as number);
  await expect(add('c', revision as number)).rejects.toMatchObject({ code: 'STALE_REVISION', jobId: 'j' });
  expect(await scheduler.getJob('j')).toMatchObject({ task: 'b' });
  await expect(add('c', -1)).rejects.toThrow(InvalidOptionsError);
  await expect(scheduler.addJobs([spec('c')], { ifRevision: 1 } as never)).rejects.toThrow(InvalidOptionsError);
});
