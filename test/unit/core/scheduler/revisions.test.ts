import { cron, interval, Scheduler, StaleRevisionError } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { describe, expect, it } from 'vitest';

async function withJob() {
  const clock = new VirtualClock(new Date('2026-03-27T12:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect() });
  await scheduler.addJob({ id: 'a', task: 'report', trigger: cron('0 9 * * *'), args: ['eu'] });
  const read = async () => {
    const job = await scheduler.getJob('a');
    if (!job) throw new Error('there is no job');
    return job;
  };
  return { clock, scheduler, read };
}

const CHANGES: Readonly<
  Record<string, (scheduler: Scheduler, ifRevision: number, dryRun?: boolean) => Promise<unknown>>
> = {
  modifyJob: (scheduler, ifRevision, dryRun) => scheduler.modifyJob('a', { name: 'b' }, { ifRevision, dryRun }),
  rescheduleJob: (scheduler, ifRevision, dryRun) =>
    scheduler.rescheduleJob('a', interval({ hours: 1 }), { ifRevision, dryRun }),
  pauseJob: (scheduler, ifRevision, dryRun) => scheduler.pauseJob('a', { ifRevision, dryRun }),
  resumeJob: (scheduler, ifRevision, dryRun) => scheduler.resumeJob('a', { ifRevision, dryRun }),
  removeJob: (scheduler, ifRevision) => scheduler.removeJob('a', { ifRevision }),
  'removeJob with its runs': (scheduler, ifRevision) => scheduler.removeJob('a', { ifRevision, cancelRuns: true }),
};

describe('a change that is to be of what was read', () => {
  it.each(Object.entries(CHANGES))('%s is refused once another client has changed the job', async (_, change) => {
    const { scheduler, read } = await withJob();
    const { revision } = await read();
    await scheduler.modifyJob('a', { priority: 1 });
    const changed = await read();
    expect(changed.revision).toBeGreaterThan(Number(revision));
    await expect(change(scheduler, Number(revision))).rejects.toThrow(StaleRevisionError);
    expect(await read()).toEqual(changed);
    await change(scheduler, Number(changed.revision));
    expect(await scheduler.getJob('a')).not.toMatchObject({ revision: changed.revision, paused: true });
  });

  it('is of the job, and not of its fire times: one that has fired meanwhile keeps its revision', async () => {
    const { scheduler, read } = await withJob();
    const { revision } = await read();
    await (await scheduler.runJob('a')).cancel();
    expect((await read()).revision).toBe(revision);
    expect((await scheduler.getJobs()).jobs[0]?.revision).toBe(revision);
  });

  it.each([-1, 0.5, '1', null])('ifRevision %j is refused', async (ifRevision) => {
    const { scheduler } = await withJob();
    for (const change of Object.values(CHANGES)) {
      await expect(change(scheduler, ifRevision as number)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    }
  });
});

describe('a dry run', () => {
  it('returns what each change would make of a job, and writes nothing', async () => {
    const { scheduler, read } = await withJob();
    const before = await read();
    const dryRun = true;
    expect(await scheduler.modifyJob('a', { task: 'other' }, { dryRun })).toMatchObject({ task: 'other', args: [] });
    const hourly = await scheduler.rescheduleJob('a', interval({ hours: 1 }), { dryRun });
    expect(hourly.preview({ after: new Date('2026-03-27T12:00:00Z'), count: 2 }).fireTimes).toEqual([
      new Date('2026-03-27T13:00:00Z'),
      new Date('2026-03-27T14:00:00Z'),
    ]);
    expect(await scheduler.pauseJob('a', { dryRun })).toMatchObject({ paused: true });
    expect(await read()).toEqual(before);
    expect(await scheduler.addJob({ id: 'b', task: 'x' }, { dryRun })).toMatchObject({ id: 'b', finished: false });
    expect(await scheduler.getJob('b')).toBeUndefined();
    await expect(scheduler.addJob({ id: 'a', task: 'x' }, { dryRun })).rejects.toMatchObject({
      code: 'CONFLICTING_ID',
    });
    const replaced = await scheduler.addJob({ id: 'a', task: 'x', replaceExisting: true }, { dryRun });
    expect(replaced).toMatchObject({ task: 'x' });
    expect(await read()).toEqual(before);
    expect((await scheduler.getEvents()).events.map(({ type }) => type)).toEqual(['job_added']);
  });

  it('is true or false', async () => {
    const { scheduler } = await withJob();
    for (const change of [
      scheduler.pauseJob('a', { dryRun: 1 as never }),
      scheduler.addJob({ task: 'x' }, { dryRun: 'yes' as never }),
    ]) {
      await expect(change).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
    }
  });
});
