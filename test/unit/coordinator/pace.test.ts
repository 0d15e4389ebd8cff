import { expect, test } from 'vitest';
import { gatherMs, restMsAfter } from '../../../packages/coordinator/src/pace.js';

test('a leader rests where claims gain nothing as their runs of before wait, and their queues have enough to do', () => {
  const cases = [
    // asked, submitted, busy ms of each executor, rest ms
    [100, 50, [300], 50],
    [100, 50, [4_999], 100],
    [100, 80, [300], 50],
    [100, 81, [300], 0],
    [100, 100, [300], 0],
    [0, 0, [300], 0],
    [0, 0, [], 0],
    [100, 50, [250], 0],
    [100, 50, [0], 0],
    // No worker serves it, or its workers are slow: jobs of other executors do not wait for that.
    [100, 0, [Number.POSITIVE_INFINITY], 0],
    [100, 0, [5_000], 0],
    [100, 0, [Number.NaN], 0],
    [100, 0, [300, 310], 50],
    [100, 0, [300, 10], 0],
  ] as const;
  const rests = cases.map(([asked, submitted, busyMs]) => restMsAfter({ asked, submitted, busyMs }));
  expect(rests).toEqual(cases.map(([, , , rest]) => rest));
});

test('a leader gathers for longer the more runs a page has, up to a limit', () => {
  expect([0, 1, 10, 50, 200].map(gatherMs)).toEqual([0, 5.2, 7, 15, 15]);
});
