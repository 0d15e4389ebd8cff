import { expect, test } from 'vitest';
import { Remembered } from '../../../packages/coordinator/src/remembered.js';

/** Returns how many of these are remembered. Each one is looked up and then stored. */
function hits(remembered: Remembered<number>, ids: readonly string[]): number {
  return ids.filter((id) => {
    const isHere = remembered.get(id) !== undefined;
    remembered.set(id, 1);
    return isHere;
  }).length;
}

const idsOf = (name: string, length: number) => Array.from({ length }, (_, index) => `${name}-${index}`);

test('twice as many as fit in, in turn: most of those that fit in are remembered', () => {
  const remembered = new Remembered<number>(1_000, 1_000, () => 1);
  const all = idsOf('job', 2_000);
  hits(remembered, all);
  for (let turn = 0; turn < 10; turn++) expect(hits(remembered, all)).toBeGreaterThan(750);
});

test('what fits in is remembered, as it was given last; others take its place in time', () => {
  const remembered = new Remembered<number>(1_000, 1_000, () => 1);
  hits(remembered, idsOf('old', 1_000));
  expect(hits(remembered, idsOf('old', 1_000))).toBe(1_000);
  remembered.set('old-1', 2);
  expect(remembered.get('old-1')).toBe(2);
  const others = idsOf('new', 500);
  for (let turn = 0; turn < 80; turn++) hits(remembered, others);
  expect(hits(remembered, others)).toBe(500);
});

test('the size of all values is bounded: the oldest are dropped, also where a value is replaced by a larger one', () => {
  const remembered = new Remembered<number>(1_000, 100, (size) => size);
  const ids = idsOf('job', 40);
  const kept = () => ids.filter((id) => remembered.get(id) !== undefined);
  for (const id of ids) remembered.set(id, 10);
  expect(kept()).toHaveLength(10);
  expect(remembered.get('job-0')).toBeUndefined();
  const [, oldest = '', , , newest = ''] = kept();
  remembered.set(newest, 40);
  expect(kept()).toHaveLength(7);
  expect(remembered.get(oldest)).toBeUndefined();
  expect(remembered.get(newest)).toBe(40);
});
