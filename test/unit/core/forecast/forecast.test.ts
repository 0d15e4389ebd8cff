import { cron, InvalidOptionsError, interval, or, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { testCluster } from 'carillon/testing';
import { describe, expect, it } from 'vitest';

const START = new Date('2026-03-28T20:00:30Z');
const DAY = 86_400_000;

function opened(now = START) {
  const clock = new VirtualClock(now);
  const cluster = new MemoryCluster({ clock });
  return { clock, cluster, scheduler: new Scheduler({ backend: cluster.connect() }) };
}

describe('a forecast', () => {
  it('spreads what jitter may delay, and loses none of it', async () => {
    const { scheduler } = opened();
    await scheduler.addJob({ id: 'x', task: 'a', trigger: cron('0 * * * *', { jitter: '10m' }) });
    await scheduler.addJob({
      id: 'y',
      task: 'a',
      trigger: interval({ hours: 1, startAt: '2026-03-01T00:30:00Z', jitter: '1s' }),
    });
    const { executors } = await scheduler.forecast({ to: new Date('2026-03-29T19:30:30Z') });
    const fires = executors[0]?.fires ?? [];
    expect(fires.slice(60, 72)).toEqual([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0, 0]);
    expect(fires[30]).toBe(1);
    expect(fires.reduce((sum, one) => sum + one, 0)).toBeCloseTo(47, 5);
  });

  it('what is overdue fires at once', async () => {
    const { clock, scheduler } = opened();
    await scheduler.addJobs([
      { id: 'i', task: 'a', trigger: interval('1h') },
      { id: 'c', task: 'a', trigger: cron('0 * * * *') },
    ]);
    await clock.advance('3h');
    const [of] = (await scheduler.forecast({ to: new Date(clock.now() + 2 * 3_600_000) })).executors;
    // The interval fires half a minute past each hour, also in the current minute.
    expect(of?.fires[0]).toBe(2);
    expect(of?.fires.reduce((sum, one) => sum + one, 0)).toBe(6);
  });

  it('names the worst minutes, and the jobs that fire most in them', async () => {
    const { scheduler } = opened();
    await scheduler.addJobs(
      Array.from({ length: 500 }, (_, n) => ({ id: `nightly-${n}`, task: 'a', trigger: cron('0 3 * * *') })),
    );
    await scheduler.addJob({ id: 'often', task: 'a', trigger: interval('5s') });
    const { worst, jobs } = await scheduler.forecast({ worst: 2 });
    expect(jobs).toBe(501);
    expect(worst).toHaveLength(2);
    expect(worst[0]).toMatchObject({
      ...{ at: new Date('2026-03-29T03:00:00Z'), executor: 'default', fires: 512, jobs: 501 },
      ...{ slots: 0, slotsTaken: null },
    });
    expect(worst[0]?.named).toHaveLength(10);
    expect(worst[0]?.named[0]).toEqual({ jobId: 'often', fires: 12 });
    expect(worst[1]?.named).toEqual([{ jobId: 'often', fires: 12 }]);
  });

  it('a trigger with millions of fires costs no more than its minutes, and is an estimate', async () => {
    const { scheduler } = opened();
    await scheduler.addJob({ id: 'x', task: 'a', trigger: or(interval({ milliseconds: 5 }), cron('0 0 1 1 *')) });
    await scheduler.addJob({ id: 'y', task: 'a', trigger: interval({ milliseconds: 1 }), executor: 'beat' });
    const before = process.cpuUsage();
    const { executors } = await scheduler.forecast();
    const { user } = process.cpuUsage(before);
    const [beat, estimated] = executors;
    expect([beat?.estimated, beat?.fires[100]]).toEqual([false, 60_000]);
    expect([estimated?.estimated, Math.round((estimated?.fires[100] ?? 0) / 1_000)]).toEqual([true, 12]);
    expect(user / 1_000).toBeLessThan(5_000);
  });

  it('says what slots are taken by how long runs took, and how many there are', async () => {
    const tasks = { slow: async () => new Promise((resolve) => setTimeout(resolve, 0)) };
    await using cluster = await testCluster({ tasks, start: START.toISOString() });
    const { clock, scheduler } = cluster;
    await scheduler.addJob({ id: 'x', task: 'slow', trigger: interval('1m') });
    await clock.advance('5m');
    const [of] = (await scheduler.forecast()).executors;
    expect(of?.slots).toBeGreaterThan(0);
    expect(of?.meanMs).toBeGreaterThanOrEqual(0);
    const { fires, slotsTaken, meanMs } = of ?? { fires: [], slotsTaken: null, meanMs: null };
    expect(slotsTaken).toEqual(fires.map((count) => Math.round(((count * (meanMs ?? 0)) / 60_000) * 1_000) / 1_000));
  });

  it('leaves out and counts what cannot be read', async () => {
    const { cluster, scheduler } = opened();
    await scheduler.addJobs(['a', 'b'].map((id) => ({ id, task: 't', trigger: interval('1h') })));
    cluster.damage('default', 'job', 'a');
    expect(await scheduler.forecast({ executor: 'default' })).toMatchObject({ jobs: 1 });
    expect(await scheduler.forecast({ executor: 'other' })).toMatchObject({ jobs: 0, executors: [], worst: [] });
  });

  it.each<[object, RegExp]>([
    [{ by: 'second' }, /by "second" is not a step: there are minute, hour/],
    [
      { to: new Date(START.getTime() + 8 * DAY) },
      /there are 11\d\d\d steps between from and to, and at most 10080 are allowed/,
    ],
    [{ to: new Date(START.getTime() - 1) }, /is not after from/],
    [{ from: 'now' }, /from "now" is not a valid Date/],
    [{ worst: 101 }, /worst 101/],
    [{ executor: 5 }, /executor 5/],
    [{ every: 1 }, /every/],
  ])('%j is refused', async (options, why) => {
    const call = opened().scheduler.forecast(options as never);
    await expect(call).rejects.toThrow(InvalidOptionsError);
    await expect(call).rejects.toThrow(why);
  });
});
