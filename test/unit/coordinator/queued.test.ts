import { expect, test } from 'vitest';
import { Queued } from '../../../packages/coordinator/src/queued.js';

const page = (since: number) => ({
  since,
  runs: [{ runId: `r${since}`, deliveryId: `d${since}`, executor: 'default' }],
});
const [first, second] = [page(1_000), page(1_020)];

function both(): Queued {
  const queued = new Queued();
  queued.add(first);
  queued.add(second);
  return queued;
}

test('pages have left an outbox in which nothing is', () => {
  const queued = both();
  queued.looked({ queued: [first], now: 1_030, oldest: null });
  expect(queued.pages).toEqual([second]);
  expect(queued.since).toBe(1_020);
});

test('a page has left the outbox where all that is there came later', () => {
  const queued = both();
  queued.looked({ queued: [first], now: 1_010, oldest: 1_001 });
  expect(queued.pages).toEqual([first, second]);
  queued.looked({ queued: [first, second], now: 1_030, oldest: 1_010 });
  expect(queued.pages).toEqual([first, second]);
  queued.looked({ queued: [first, second], now: 1_040, oldest: 1_011 });
  expect(queued.pages).toEqual([second]);
  queued.looked({ queued: [second], now: 1_050, oldest: 1_031 });
  expect(queued.pages).toEqual([]);
  expect(queued.late.runs).toEqual([]);
});

test('a page that may be in the outbox is late after 100 ms', () => {
  const queued = both();
  queued.looked({ queued: [first, second], now: 1_099, oldest: 1_000 });
  expect(queued.late.pages).toEqual([]);
  queued.looked({ queued: [first, second], now: 1_100, oldest: 1_000 });
  expect(queued.late.runs).toEqual(first.runs);
  queued.forget([first]);
  expect(queued.late.pages).toEqual([]);
});

test('a page that has left the outbox since it was looked at is not late', () => {
  const queued = both();
  queued.forget([first]);
  queued.looked({ queued: [first, second], now: 2_000, oldest: 1_000 });
  expect(queued.late.pages).toEqual([second]);
});
