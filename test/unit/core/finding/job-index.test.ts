import { describe, expect, it } from 'vitest';
import { JobIndex } from '../../../../packages/core/src/finding/job-index.js';
import type { Happening } from '../../../../packages/core/src/happening.js';
import { EACH_JOB } from '../../../../packages/core/src/job/filter.js';
import { VirtualClock } from '../../../../packages/core/src/memory/virtual-clock.js';
import { eventually } from '../../../support/eventually.js';

/** A job store whose log has one number a change and keeps the last `kept` of them. */
function opened({ jobs: count = 3, kept = 100, worthwhile = 2, mostCharacters = 1_000_000 } = {}) {
  const clock = new VirtualClock();
  const tasks = new Map(Array.from({ length: count }, (_, n) => [`job-${n}`, `task-${n}`]));
  const log: string[] = [];
  const calls = { everyJob: 0, events: 0 };
  const reported: Happening[] = [];
  const fault: { reading?: Error } = {};
  const stored = (id: string) => ({ id, rev: 1, json: JSON.stringify({ task: tasks.get(id) }) });
  const records = {
    inspect: async () => ({ counts: { jobs: tasks.size } }),
    newest: async () => (log.length > 0 ? [{ id: String(log.length) }] : []),
    async everyJob({ cursor, limit }: { readonly cursor: string; readonly limit: number }) {
      calls.everyJob += 1;
      const from = Number(cursor);
      const ids = [...tasks.keys()].slice(from, from + limit);
      return { jobs: ids.map(stored), cursor: from + limit < tasks.size ? String(from + limit) : '0' };
    },
    async events({ after, limit }: { readonly after: { readonly id?: string }; readonly limit: number }) {
      calls.events += 1;
      if (fault.reading) throw fault.reading;
      const from = Number(after.id ?? 0);
      const first = Math.max(0, log.length - kept);
      const events = log.slice(Math.max(from, first), Math.max(from, first) + limit);
      const ids = events.map((message, at) => ({ id: String(Math.max(from, first) + at + 1), message }));
      return { events: ids, gap: from < first };
    },
    read: async (ids: readonly string[]) => ({ jobs: ids.map((id) => (tasks.has(id) ? stored(id) : null)) }),
  };
  const report = (one: Happening) => void reported.push(one);
  const index = new JobIndex({
    store: { alias: 'default', records } as never,
    clock,
    report,
    worthwhile,
    mostCharacters,
  });
  const publish = (type: string, jobId: string) => {
    const more = { task: 'a', nextRunTime: null, runId: 'r', workerId: 'w', attempt: 1 };
    log.push(JSON.stringify({ v: 1, seq: log.length + 1, type, at: 1, jobStore: 'default', jobId, ...more }));
  };
  const change = (id: string, task: string) => {
    publish(tasks.has(id) ? 'job_modified' : 'job_added', id);
    tasks.set(id, task);
  };
  const find = async (task: string) => {
    const ids = await index.idsOf({ ...EACH_JOB, task }, 1_000);
    return ids && [...ids];
  };
  return { clock, calls, reported, fault, index, publish, change, find };
}

describe('the index of the jobs', () => {
  it('is not built where there are few jobs, and finds nothing then', async () => {
    const { index, find, calls } = opened({ jobs: 2 });
    expect(await index.prepare()).toBeNull();
    expect(await find('task-1')).toBeNull();
    expect(calls.everyJob).toBe(0);
  });

  it('is not built beyond its bound of characters', async () => {
    const size = await opened().index.prepare();
    const most = size?.characters ?? 0;
    expect(await opened({ mostCharacters: most }).index.prepare()).toEqual(size);
    const { index, find } = opened({ mostCharacters: most - 1 });
    expect(await index.prepare()).toBeNull();
    expect(await find('task-1')).toBeNull();
  });

  it('is built once, by pages, however many calls wait for it', async () => {
    const { index, find, calls } = opened({ jobs: 2_500 });
    const sizes = await Promise.all([index.prepare(), index.prepare()]);
    expect(sizes.map((size) => size?.jobs)).toEqual([2_500, 2_500]);
    expect(await index.prepare()).toEqual(sizes[0]);
    expect(calls.everyJob).toBe(3);
    expect(await find('task-0')).toEqual(['job-0']);
    expect(await find('task-2499')).toEqual(['job-2499']);
    expect(await find('none')).toEqual([]);
  });

  it('says nothing where it finds more than are asked for', async () => {
    const { index } = opened({ jobs: 2_500 });
    await index.prepare();
    const match = { ...EACH_JOB, text: 'job-1' };
    expect((await index.idsOf(match, 1_111))?.size).toBe(1_111);
    expect(await index.idsOf(match, 1_110)).toBeNull();
    expect(await index.idsOf({ ...EACH_JOB, state: 'paused' }, 10)).toBeNull();
  });

  it('finds what was written before the search', async () => {
    const { index, find, change, publish } = opened();
    await index.prepare();
    for (let n = 0; n < 30; n++) publish('job_started', 'job-1');
    change('job-1', 'other');
    change('new', 'other');
    publish('job_removed', 'job-2');
    expect(await find('other')).toEqual(['job-1', 'new']);
    // The caller that reads the job finds that it now has another task.
    expect(await find('task-1')).toEqual(['job-1']);
  });

  it('follows the log each second, so that no event is lost to it', async () => {
    const { index, clock, calls, find, change } = opened({ kept: 5 });
    await index.prepare();
    for (let n = 0; n < 20; n++) {
      change('job-1', `other-${n}`);
      const { events } = calls;
      await clock.advance('1s');
      await eventually(() => expect(calls.events).toBeGreaterThan(events));
    }
    expect(calls.everyJob).toBe(1);
    expect(await find('other-0')).toEqual(['job-1']);
    expect(await find('other-19')).toEqual(['job-1']);
  });

  it('is built again where the log has lost events', async () => {
    const { index, clock, find, change, calls } = opened({ kept: 5 });
    await index.prepare();
    for (let n = 0; n < 20; n++) change('job-1', `other-${n}`);
    expect(await find('other-19')).toBeNull();
    await clock.advance(0);
    await eventually(async () => expect(await find('other-19')).toEqual(['job-1']));
    expect(calls.everyJob).toBe(2);
    expect(await find('other-18')).toEqual([]);
  });

  it('is built again where most of it is of jobs as they were', async () => {
    const { index, clock, find, change, calls } = opened({ jobs: 6_000, kept: 20_000 });
    await index.prepare();
    for (let n = 0; n < 18_000; n++) change(`job-${n % 6_000}`, `other-${n}`);
    expect(await find('other-12001')).toEqual(['job-1']);
    await clock.advance('1s');
    await eventually(async () => expect(await index.prepare()).toMatchObject({ jobs: 6_000 }));
    expect(calls.everyJob).toBe(12);
    expect(await find('other-17999')).toEqual(['job-5999']);
  });

  it('is dropped where nothing is searched for 15 minutes', async () => {
    const { index, clock, find, calls } = opened();
    await index.prepare();
    await clock.advance('14m');
    expect(await find('task-1')).toEqual(['job-1']);
    await clock.advance('14m');
    expect(await find('task-1')).toEqual(['job-1']);
    await clock.advance('16m');
    expect(await find('task-1')).toBeNull();
    const { events } = calls;
    await clock.advance('1h');
    expect(calls.events).toBe(events);
    expect(await index.prepare()).toMatchObject({ jobs: 3 });
  });

  it('rejects a search for which the log cannot be read, reports it otherwise, and goes on', async () => {
    const { index, clock, find, fault, reported, change } = opened();
    await index.prepare();
    fault.reading = new Error('gone');
    await expect(find('task-1')).rejects.toThrow('gone');
    await clock.advance('1s');
    await eventually(() => expect(reported).toHaveLength(1));
    expect(reported).toEqual([{ kind: 'log_failed', jobStore: 'default', error: fault.reading }]);
    delete fault.reading;
    change('job-1', 'other');
    expect(await find('other')).toEqual(['job-1']);
  });

  it('is over once it is closed, also while it is built', async () => {
    const { index, clock, find, calls } = opened();
    const built = index.prepare();
    index.close();
    expect(await built).toBeNull();
    expect(await find('task-1')).toBeNull();
    const { events } = calls;
    await clock.advance('1m');
    expect(calls.events).toBe(events);
  });
});
