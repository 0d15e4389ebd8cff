import { InvalidOptionsError, interval, Scheduler, UnexpectedCountError } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { describe, expect, it } from 'vitest';

const trigger = interval('1h');

function opened() {
  const clock = new VirtualClock(new Date('2026-03-02T08:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  return { clock, cluster, scheduler: new Scheduler({ backend: cluster.connect() }) };
}

/** 1,200 jobs. Every second one has the tag `even`, and every third one the tag `third`. */
async function filled() {
  const it = opened();
  const specs = Array.from({ length: 1_200 }, (_, n) => ({
    id: `job-${n}`,
    task: n % 2 ? 'odd' : 'even',
    trigger,
    tags: [...(n % 2 ? [] : ['even']), ...(n % 3 ? [] : ['third'])],
  }));
  await it.scheduler.addJobs(specs);
  return it;
}

describe('many jobs at once', () => {
  it('are listed, counted, paused, resumed and removed by a filter', async () => {
    const { scheduler } = await filled();
    const even = { tags: ['even'] };
    expect(await scheduler.countJobs()).toBe(1_200);
    expect(await scheduler.countJobs(even)).toBe(600);
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof scheduler.getJobs>> = await scheduler.getJobs({
        filter: even,
        limit: 250,
        cursor,
      });
      ids.push(...page.jobs.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect([new Set(ids).size, ids.length]).toEqual([600, 600]);
    await scheduler.pauseJob('job-0');
    expect(await scheduler.pauseJobs(even, { expected: 600 })).toEqual({
      ...{ matched: 600, done: 599, unchanged: 1, refused: 0, refusals: [] },
    });
    expect(await scheduler.countJobs({ state: 'paused' })).toBe(600);
    const outcome = await scheduler.resumeJobs({ state: 'paused', tags: ['third'] }, { expected: 200 });
    expect(outcome).toMatchObject({ matched: 200, done: 200, unchanged: 0 });
    expect(await scheduler.removeJobs({ task: 'even' }, { expected: 600 })).toMatchObject({ done: 600 });
    expect(await scheduler.countJobs()).toBe(600);
    expect(await scheduler.removeJobs({}, { expected: 600 })).toMatchObject({ matched: 600, done: 600 });
    expect((await scheduler.getJobs()).jobs).toEqual([]);
  });

  it.each(['pauseJobs', 'resumeJobs', 'removeJobs', 'runJobs'] as const)(
    '%s changes nothing where the filter matches another number of jobs',
    async (call) => {
      const { clock, scheduler } = opened();
      await scheduler.addJobs(['a', 'b', 'c'].map((id) => ({ id, task: 't', trigger, tags: ['x'] })));
      const seen: string[] = [];
      await scheduler.addListener(({ type }) => void seen.push(type));
      for (const expected of [0, 2, 4]) {
        const why = await scheduler[call]({ tags: ['x'] }, { expected }).catch((error: unknown) => error);
        expect(why).toBeInstanceOf(UnexpectedCountError);
        expect(why).toMatchObject({ code: 'UNEXPECTED_COUNT', expected, found: 3 });
      }
      expect(await scheduler[call]({ tags: ['y'] }, { expected: 0 })).toMatchObject({ matched: 0, done: 0 });
      await clock.advance(1);
      expect(seen).toEqual([]);
    },
  );

  it('those that cannot be run are named, and the others are run', async () => {
    const { scheduler } = opened();
    await scheduler.addJobs(['a', 'b', 'c'].map((id) => ({ id, task: 't', trigger, nextRunTime: null })));
    await scheduler.runJob('b');
    expect(await scheduler.runJobs({ task: 't' }, { expected: 3 })).toEqual({
      ...{ matched: 3, done: 2, unchanged: 0, refused: 1 },
      refusals: [{ jobId: 'b', why: expect.stringMatching(/as many/) }],
    });
    expect((await scheduler.getJobs({ filter: { state: 'running' } })).jobs.map(({ id }) => id).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('removed with their runs', async () => {
    const { scheduler } = opened();
    await scheduler.addJobs(['a', 'b'].map((id) => ({ id, task: 't', trigger })));
    const runs = [await scheduler.runJob('a'), await scheduler.runJob('b')];
    await scheduler.removeJobs({ text: 'A' }, { expected: 1, cancelRuns: true });
    const states = await Promise.all(runs.map(async ({ runId }) => (await scheduler.getRun(runId))?.state));
    expect(states).toEqual(['cancelled', 'queued']);
  });

  it('one that cannot be read is reported, and left out', async () => {
    const { cluster, scheduler } = opened();
    await scheduler.addJobs(['a', 'b'].map((id) => ({ id, task: 't', trigger })));
    cluster.damage('default', 'job', 'a');
    expect(await scheduler.countJobs({ task: 't' })).toBe(1);
    expect(await scheduler.pauseJobs({ task: 't' }, { expected: 1 })).toMatchObject({ done: 1 });
  });

  it.each(['pauseJobs', 'resumeJobs', 'removeJobs', 'runJobs'] as const)(
    '%s without a condition means one that cannot be read, too, as countJobs does, and refuses it',
    async (call) => {
      const { cluster, scheduler } = opened();
      await scheduler.addJobs(['a', 'b', 'c'].map((id) => ({ id, task: 't', trigger })));
      if (call === 'resumeJobs') await scheduler.pauseJobs({}, { expected: 3 });
      cluster.damage('default', 'job', 'b');
      const expected = await scheduler.countJobs();
      expect([expected, await scheduler.countJobs({ tags: [] })]).toEqual([3, 3]);
      expect(await scheduler[call]({}, { expected })).toEqual({
        ...{ matched: 3, done: 2, unchanged: 0, refused: 1 },
        refusals: [{ jobId: 'b', why: expect.stringMatching(/cannot be read/) }],
      });
      expect(await scheduler.countJobs()).toBe(call === 'removeJobs' ? 1 : 3);
    },
  );
});

describe('what is wrong is refused', () => {
  it.each<[unknown, RegExp]>([
    [{ tag: ['a'] }, /filter: unknown member "tag"; there are tags, text, task/],
    [{ tags: 'a' }, /tags "a" must be an array/],
    [{ tags: ['a b'] }, /tags\.0 "a b" is not a tag/],
    [{ text: '' }, /text "" must have 1 to 255/],
    [{ text: ' ' }, /text/],
    [{ text: 'x'.repeat(256) }, /text/],
    [{ state: 'ended' }, /state "ended" is not a state: there are scheduled, paused, running/],
    [{ lastOutcome: 'missed' }, /lastOutcome "missed" is not an outcome/],
    [{ dueBefore: new Date(Number.NaN) }, /dueBefore/],
    [{ dueBefore: 5 }, /dueBefore 5 must be a valid Date/],
    [{ task: '' }, /task ""/],
    [{ executor: 'a b' }, /executor "a b"/],
    ['a', /must be an object/],
    [null, /must be an object/],
  ])('the filter %j', async (filter, why) => {
    const { scheduler } = opened();
    const calls = [
      scheduler.getJobs({ filter } as never),
      scheduler.countJobs(filter as never),
      scheduler.pauseJobs(filter as never, { expected: 0 }),
      scheduler.runJobs(filter as never, { expected: 0 }),
    ];
    for (const call of calls) {
      const error = await call.catch((error: unknown) => error);
      expect(error).toBeInstanceOf(InvalidOptionsError);
      expect((error as Error).message).toMatch(why);
    }
  });

  it.each([undefined, -1, 1.5, 100_001, '3'])('expected %j', async (expected) => {
    const { scheduler } = opened();
    await expect(scheduler.pauseJobs({}, { expected } as never)).rejects.toThrow(
      /expected .* is not a whole number from 0 to/,
    );
    await expect(scheduler.removeJobs({}, { expected } as never)).rejects.toThrow(InvalidOptionsError);
  });
});
