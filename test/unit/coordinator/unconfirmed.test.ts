import { expect, test } from 'vitest';
import { Unconfirmed } from '../../../packages/coordinator/src/unconfirmed.js';

const page = (since: number) => ({
  since,
  deliveries: [{ id: `d${since}`, runIds: [`r${since}`], executor: 'default', priority: 0 }],
});
const [first, second] = [page(1_000), page(1_020)];

function both(): Unconfirmed {
  const unconfirmed = new Unconfirmed();
  unconfirmed.add(first);
  unconfirmed.add(second);
  return unconfirmed;
}

test('pages have left an outbox in which nothing is', () => {
  const unconfirmed = both();
  unconfirmed.looked({ unconfirmed: [first], now: 1_030, oldest: null });
  expect(unconfirmed.pages).toEqual([second]);
  expect(unconfirmed.since).toBe(1_020);
});

test('a page has left the outbox where all that is there came later', () => {
  const unconfirmed = both();
  unconfirmed.looked({ unconfirmed: [first], now: 1_010, oldest: 1_001 });
  expect(unconfirmed.pages).toEqual([first, second]);
  unconfirmed.looked({ unconfirmed: [first, second], now: 1_030, oldest: 1_010 });
  expect(unconfirmed.pages).toEqual([first, second]);
  unconfirmed.looked({ unconfirmed: [first, second], now: 1_040, oldest: 1_011 });
  expect(unconfirmed.pages).toEqual([second]);
  unconfirmed.looked({ unconfirmed: [second], now: 1_050, oldest: 1_031 });
  expect(unconfirmed.pages).toEqual([]);
  expect(unconfirmed.late.deliveries).toEqual([]);
});

test('a page that may be in the outbox is late after 100 ms', () => {
  const unconfirmed = both();
  unconfirmed.looked({ unconfirmed: [first, second], now: 1_099, oldest: 1_000 });
  expect(unconfirmed.late.pages).toEqual([]);
  unconfirmed.looked({ unconfirmed: [first, second], now: 1_100, oldest: 1_000 });
  expect(unconfirmed.late.deliveries).toEqual(first.deliveries);
  unconfirmed.forget([first]);
  expect(unconfirmed.late.pages).toEqual([]);
});

test('a page that has left the outbox since it was looked at is not late', () => {
  const unconfirmed = both();
  unconfirmed.forget([first]);
  unconfirmed.looked({ unconfirmed: [first, second], now: 2_000, oldest: 1_000 });
  expect(unconfirmed.late.pages).toEqual([second]);
});
