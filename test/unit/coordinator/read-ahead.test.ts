import type { StoredJob, UpcomingPage, UpcomingParams } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { ReadAhead } from '../../../packages/coordinator/src/read-ahead.js';
import { ManualClock } from '../../support/manual-clock.js';

const NOW = 100_000;
const jobOf = (id: string) => ({ id, pending: { fireTime: NOW + 7_000, dueAt: NOW + 7_000 } }) as StoredJob;
const place = (ms: number, id = '') => ({ dueAt: NOW + ms, id });

/** A leader's reading ahead, from a store with these pages. Each job takes `msAJob` to read. */
function aheadOf(pages: readonly Partial<UpcomingPage>[], { msAJob = 0, isNear = false, room = 1_000 } = {}) {
  const clock = new ManualClock(NOW);
  const asked: UpcomingParams[] = [];
  const read: string[] = [];
  const upcoming = async (params: UpcomingParams): Promise<UpcomingPage> => {
    asked.push(params);
    const page = pages[asked.length - 1];
    if (!page) throw new Error('Redis is away');
    return { now: clock.now(), jobs: [], last: null, ...page };
  };
  const readAhead = (jobs: UpcomingPage['jobs'], forMs: number) => {
    const count = msAJob === 0 ? jobs.length : Math.min(jobs.length, Math.floor(forMs / msAJob));
    read.push(...jobs.slice(0, count).map(({ id }) => id));
    return jobs.slice(count);
  };
  const hasRoom = () => read.length < room;
  const ahead = new ReadAhead({ terms: { isNear, upcoming }, clock, readAhead, hasRoom });
  const page = (nextInMs: number | null) => ({
    now: clock.now(),
    nextDueAt: nextInMs === null ? null : clock.now() + nextInMs,
  });
  /** Lets time pass, once the effects of what was done are over. */
  const pass = async (ms: number) => {
    await clock.advance(0);
    await clock.advance(ms);
  };
  return { ahead, clock, pass, asked, read, page };
}

const jobs = (...ids: string[]) => ids.map(jobOf);

test('jobs that are due within 8 s are read page by page, while the leader rests', async () => {
  const { ahead, clock, pass, asked, read, page } = aheadOf([
    { jobs: jobs('a', 'b'), last: place(500, 'b') },
    { jobs: jobs('c') },
  ]);
  ahead.during(1_000, page(400));
  await pass(10);
  expect(read).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([
    { withinMs: 8_000, after: null, limit: 200 },
    { withinMs: 8_000, after: place(500, 'b'), limit: 200 },
  ]);
  expect(clock.timers).toBe(0);
});

test('once all are read, the next ones are read 5 s later, from there on', async () => {
  const { ahead, pass, asked, read, page } = aheadOf([{ jobs: jobs('a') }, { jobs: jobs('b') }]);
  ahead.during(1_000, page(400));
  await pass(5_000);
  ahead.during(1_000, page(400));
  await pass(1);
  expect(read).toEqual(['a']);
  ahead.during(1_000, page(400));
  await pass(0);
  expect(read).toEqual(['a', 'b']);
  expect(asked[1]).toEqual({ withinMs: 8_000, after: place(8_001), limit: 200 });
});

test('a leader that did not rest for long begins with what is due next', async () => {
  const { ahead, pass, asked, page } = aheadOf([{ jobs: jobs('a'), last: place(500, 'a') }, {}]);
  ahead.during(5, page(400));
  await pass(0);
  ahead.stop();
  await pass(600);
  ahead.during(1_000, page(400));
  await pass(0);
  expect(asked.map(({ after }) => after)).toEqual([null, null]);
});

test.each([
  ['no job is due', 1_000, null, {}],
  ['none is due within 8 s', 1_000, 8_001, {}],
  ['the next step is near', 4, 400, {}],
  ['the store is near', 1_000, 400, { isNear: true }],
  ['there is no room', 1_000, 400, { room: 0 }],
])('nothing is asked if %s', async (_, ms, nextInMs, options) => {
  const { ahead, pass, asked, page } = aheadOf([{}], options);
  ahead.during(ms, page(nextInMs));
  await pass(1_000);
  expect(asked).toEqual([]);
});

test('once there is no more room, no other page is requested', async () => {
  const { ahead, pass, asked, page } = aheadOf([{ jobs: jobs('a', 'b'), last: place(500, 'b') }], { room: 2 });
  ahead.during(1_000, page(400));
  await pass(100);
  expect(asked).toHaveLength(1);
});

test('jobs are read in slices of 5 ms, and what is left when the next step begins is read in the next rest', async () => {
  const { ahead, pass, asked, read, page } = aheadOf([{ jobs: jobs('a', 'b', 'c', 'd', 'e') }], { msAJob: 2 });
  ahead.during(20, page(400));
  await pass(0);
  expect(read).toEqual(['a', 'b']);
  ahead.stop();
  await pass(20);
  expect(read).toEqual(['a', 'b']);
  ahead.during(20, page(null));
  await pass(0);
  expect(read).toEqual(['a', 'b', 'c', 'd']);
  await pass(1);
  expect(read).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(asked).toHaveLength(1);
});

test('a page that comes after the rest is over is read in the next one, and is requested once', async () => {
  const { ahead, pass, asked, read, page } = aheadOf([{ jobs: jobs('a') }]);
  ahead.during(5, page(400));
  ahead.stop();
  ahead.during(5, page(400));
  ahead.stop();
  await pass(5);
  expect(read).toEqual([]);
  ahead.during(5, page(400));
  await pass(0);
  expect(read).toEqual(['a']);
  expect(asked).toHaveLength(1);
});

test('jobs that have become due meanwhile are not read any more', async () => {
  const { ahead, pass, read, page } = aheadOf([{ jobs: jobs('a', 'b', 'c') }], { msAJob: 3 });
  ahead.during(5, page(400));
  await pass(0);
  ahead.stop();
  expect(read).toEqual(['a']);
  await pass(7_000);
  ahead.during(100, page(9_000));
  await pass(100);
  expect(read).toEqual(['a']);
});

test('in its next term a leader begins with what is due next, whatever page was under way', async () => {
  const { ahead, pass, asked, read, page } = aheadOf([{ jobs: jobs('a'), last: place(500, 'a') }, { jobs: jobs('b') }]);
  ahead.during(100, page(400));
  ahead.forget();
  await pass(0);
  ahead.during(100, page(400));
  await pass(100);
  expect(asked.map(({ after }) => after)).toEqual([null, null]);
  expect(read).toEqual(['b']);
});

test('if the clock of the store is set back, jobs are read from there on', async () => {
  const { ahead, pass, asked, read, page } = aheadOf([{ now: NOW + 3_600_000 }, { jobs: jobs('a') }]);
  ahead.during(100, page(400));
  await pass(100);
  ahead.during(100, page(400));
  await pass(100);
  expect(asked.map(({ after }) => after)).toEqual([null, null]);
  expect(read).toEqual(['a']);
});

test('a page is requested as long as there are 5 ms left, and a slice ends a millisecond before the next step', async () => {
  const pages = ['a', 'b', 'c', 'd'].map((id) => ({ jobs: jobs(id), last: place(500, id) }));
  const { ahead, pass, asked, read, page } = aheadOf(pages, { msAJob: 5 });
  ahead.during(7, page(400));
  await pass(7);
  expect(asked).toHaveLength(3);
  expect(read).toEqual(['a', 'b']);
});

test('a page that fails is requested again after a second', async () => {
  const pages: Partial<UpcomingPage>[] = [];
  const { ahead, pass, asked, read, page } = aheadOf(pages);
  ahead.during(100, page(400));
  await pass(100);
  pages.push({}, { jobs: jobs('a') });
  ahead.during(100, page(400));
  await pass(899);
  ahead.during(100, page(400));
  await pass(0);
  expect(asked).toHaveLength(1);
  await pass(1);
  ahead.during(100, page(400));
  await pass(100);
  expect(read).toEqual(['a']);
  expect(asked).toHaveLength(2);
});
