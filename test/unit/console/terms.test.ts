import { expect, it } from 'vitest';
import { termRows } from '../../../packages/console/page/src/screens/cluster/terms.ts';

const at = (seconds: number) => new Date(Date.parse('2026-10-25T00:59:00Z') + seconds * 1_000).toISOString();
const term = (epoch: number, from: number, to: number | null) => ({
  ...{ epoch, from: at(from), to: to === null ? null : at(to) },
  ...{ coordinatorId: `c${epoch}`, end: to === null ? null : 'silent' },
});

it('says before each term how long there was no leader; of the first that is known, nothing', () => {
  const gaps = (...terms: readonly ReturnType<typeof term>[]) =>
    termRows(terms, null).map(({ epoch, gapMs }) => [epoch, gapMs]);
  expect(gaps(term(3, 70, null), term(2, 20, 60), term(1, 0, 20))).toEqual([
    [3, 10_000],
    [2, 0],
    [1, null],
  ]);
  // A leader that was cut off still believed that it led.
  expect(gaps(term(2, 20, null), term(1, 0, 25))).toEqual([
    [2, 0],
    [1, null],
  ]);
  expect(gaps()).toEqual([]);
  // The account began during the leader's term.
  const leader = { epoch: 3, coordinatorId: 'c3' };
  const [first, second] = termRows([term(2, 20, 60)], leader);
  expect(first).toEqual({ ...leader, from: null, to: null, end: null, gapMs: null });
  expect(second?.epoch).toBe(2);
  expect(termRows([term(3, 70, null)], leader)).toHaveLength(1);
});
