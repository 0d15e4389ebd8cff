import { cron } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { describe, expect, it } from 'vitest';

describe('a run of a job that is asked for', () => {
  it('is called with what is given in place of what the job has, this once', async () => {
    const calls: unknown[][] = [];
    const report = (...args: unknown[]) => void calls.push(args);
    await using cluster = await testCluster({ tasks: { report } as Record<string, (...args: never[]) => void> });
    const { scheduler, clock } = cluster;
    const trigger = cron('0 9 * * *');
    await scheduler.addJob({ id: 'a', task: 'report', trigger, args: ['eu'], kwargs: { full: true } } as never);
    for (const given of [{}, { args: ['us'] }, { kwargs: {} }, { args: [], kwargs: { x: 1 } }]) {
      await scheduler.runJob('a', given);
      await clock.advance(0);
    }
    expect(calls).toEqual([['eu', { full: true }], ['us', { full: true }], ['eu', {}], [{ x: 1 }]]);
    expect(await scheduler.getJob('a')).toMatchObject({ args: ['eu'], kwargs: { full: true } });
    for (const given of [{ args: 'us' }, { kwargs: [] }, { args: [undefined] }]) {
      await expect(scheduler.runJob('a', given as never)).rejects.toMatchObject({ code: 'INVALID_JOB' });
    }
  });

  it('is entered once under a key; keys are of their job, and of no enqueued run', async () => {
    await using cluster = await testCluster({ tasks: { report: () => {} } });
    const { scheduler } = cluster;
    const trigger = cron('0 9 * * *');
    for (const id of ['a', 'b']) await scheduler.addJob({ id, task: 'report', trigger, maxInstances: 9 });
    const dedupe = { key: 'k', for: '1h' } as const;
    const first = await scheduler.runJob('a', { dedupe });
    expect(await scheduler.runJob('a', { dedupe })).toMatchObject({ runId: first.runId, isDuplicate: true });
    expect(await scheduler.runJob('b', { dedupe })).toMatchObject({ isDuplicate: false });
    expect(await scheduler.enqueue('report', [], { dedupe })).toMatchObject({ isDuplicate: false });
    await expect(scheduler.runJob('a', { dedupe: { key: '' } as never })).rejects.toMatchObject({
      code: 'INVALID_JOB',
    });
  });
});
