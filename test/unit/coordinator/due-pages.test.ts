import type { DuePage } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { DuePages } from '../../../packages/coordinator/src/due-pages.js';
import { ManualClock } from '../../support/manual-clock.js';

/** Pages of a store whose clock advances by a millisecond with each page. */
function pagesOf({ since = null as number | null } = {}) {
  const clock = new ManualClock();
  const limits: number[] = [];
  const failures: Error[] = [];
  const due = async (limit: number): Promise<DuePage> => {
    limits.push(limit);
    const [failure] = failures.splice(0);
    if (failure) throw failure;
    const now = 1_000 + limits.length;
    return { now, paused: false, jobs: [], newer: [], nextDueAt: now, outboxAt: null, isOwing: true };
  };
  const onTheWay = () => ({ since, unconfirmed: [] });
  return { clock, limits, failures, pages: new DuePages({ terms: { due }, clock, onTheWay }) };
}

test('a page that was asked for ahead is the next one, and knows what was being claimed', async () => {
  const { pages, limits } = pagesOf({ since: 1_500 });
  expect((await pages.next()).onTheWay.since).toBe(1_500);
  pages.askAhead(1_400);
  const { page, onTheWay } = await pages.next();
  expect(page.now).toBe(1_002);
  expect(onTheWay.since).toBe(1_400);
  expect(limits).toEqual([200, 200]);
  expect((await pages.next()).page.now).toBe(1_003);
});

test('what is on its way is what was so as a page was asked for, also where nothing was known to be', async () => {
  const { pages } = pagesOf();
  expect((await pages.next()).onTheWay.since).toBeNull();
  pages.askAhead(1_400);
  expect((await pages.next()).onTheWay.since).toBe(1_400);
});

test('a page that was asked for ahead is used for 100 ms after it was read', async () => {
  const { pages, clock } = pagesOf();
  pages.askAhead(1_000);
  await clock.advance(0);
  await clock.advance(99);
  expect((await pages.next()).page.now).toBe(1_001);
  pages.askAhead(1_000);
  await clock.advance(0);
  await clock.advance(100);
  expect((await pages.next()).page.now).toBe(1_003);
});

test('what asking ahead fails with, the next page fails with, once; a page that is forgotten fails nothing', async () => {
  const { pages, failures } = pagesOf();
  failures.push(new Error('no answer'));
  pages.askAhead(1_000);
  await expect(pages.next()).rejects.toThrow('no answer');
  await expect(pages.next()).resolves.toBeDefined();
  failures.push(new Error('no answer'));
  pages.askAhead(1_000);
  pages.forget();
  await expect(pages.next()).resolves.toBeDefined();
});
