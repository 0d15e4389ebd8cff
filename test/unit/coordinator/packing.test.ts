import type { RunRoute, Serving } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { packed, packSize } from '../../../packages/coordinator/src/packing.js';

const serving = (more: Partial<Serving> = {}): Serving => ({ workers: 1, meanMs: 0.02, isLimited: false, ...more });

const runsOf = (count: number, more: Partial<RunRoute> = {}): RunRoute[] =>
  Array.from({ length: count }, (_, index) => {
    return { runId: `${more.executor ?? ''}${more.priority ?? ''}r${index}`, executor: 'e', priority: 0, ...more };
  });

/** Takes a run of each line in turn. */
const mixed = (...lines: RunRoute[][]) =>
  runsOf(Math.max(...lines.map(({ length }) => length))).flatMap((_, index) =>
    lines.flatMap((line) => line[index] ?? []),
  );

test('a delivery names as many runs as its tasks and the share of each worker allow', () => {
  const table: readonly (readonly [due: number, known: Serving | undefined, size: number])[] = [
    // If nothing is known, or deliveries are counted, each run goes alone.
    [500, undefined, 1],
    [500, serving({ meanMs: null }), 1],
    [500, serving({ isLimited: true }), 1],
    // By the work: about 5 ms.
    [500, serving({ meanMs: 0 }), 200],
    [500, serving({ meanMs: 0.1 }), 50],
    [500, serving({ meanMs: 1.1 }), 4],
    [500, serving({ meanMs: 2.6 }), 1],
    [500, serving({ meanMs: 60_000 }), 1],
    // By the share: two for each worker.
    [30, serving(), 15],
    [150, serving(), 75],
    [150, serving({ workers: 3 }), 25],
    [150, serving({ workers: 200, meanMs: 1.1 }), 1],
    // A millisecond of work, at most ten runs, is not shared.
    [10, serving(), 10],
    [11, serving(), 10],
    [150, serving({ workers: 200 }), 10],
    [150, serving({ workers: 200, meanMs: 0.25 }), 4],
    [4, serving({ workers: 2, meanMs: 0.25 }), 4],
    [4, serving({ workers: 2, meanMs: 1.1 }), 1],
    [500, serving({ workers: 0 }), 200],
  ];
  expect(table.map(([due, known]) => packSize(due, known))).toEqual(table.map(([, , size]) => size));
});

test('where the queue holds two deliveries for each worker, only its work limits a delivery', () => {
  const table: readonly (readonly [due: number, known: Serving | undefined, waiting: number, size: number])[] = [
    [150, serving({ workers: 3 }), 5, 25],
    [150, serving({ workers: 3 }), 6, 200],
    [12, serving({ workers: 3 }), 6, 200],
    [150, serving({ workers: 3, meanMs: 0.2 }), 600, 25],
    [150, serving({ workers: 3, isLimited: true }), 600, 1],
    [150, serving({ workers: 3, meanMs: null }), 600, 1],
    [150, undefined, 600, 1],
  ];
  const sizes = table.map(([due, known, waiting]) => packSize(due, known, waiting));
  expect(sizes).toEqual(table.map(([, , , size]) => size));
});

test('each run is in one delivery, under ids of their own, with runs of its executor and priority alone', () => {
  const runs = mixed(
    runsOf(30),
    runsOf(13, { priority: 5 }),
    runsOf(40, { executor: 'slow' }),
    runsOf(9, { executor: 'few' }),
  );
  const known = new Map([
    ['e', serving()],
    ['slow', serving({ meanMs: 1_000 })],
    ['few', serving()],
  ]);
  const deliveries = packed(runs, { nonce: 'n', serving: known });
  const packedRuns = deliveries.flatMap(({ runIds }) => runIds);
  expect([...packedRuns].sort()).toEqual(runs.map(({ runId }) => runId).sort());
  expect(deliveries.map(({ id }) => id)).toEqual(deliveries.map((_, index) => `dn-${index + 1}`));
  const byId = new Map(runs.map((run) => [run.runId, run]));
  for (const { executor, priority, runIds } of deliveries) {
    expect(runIds.map((runId) => byId.get(runId))).toEqual(runIds.map((runId) => ({ runId, executor, priority })));
  }
  const sizes = (executor: string, priority = 0) =>
    deliveries
      .filter((one) => one.executor === executor && one.priority === priority)
      .map(({ runIds }) => runIds.length);
  expect(sizes('e')).toEqual([15, 15]);
  expect(sizes('e', 5)).toEqual([13]);
  expect(sizes('slow')).toEqual(Array(40).fill(1));
  expect(sizes('few')).toEqual([9]);
});

test('what waited longest goes first, in its delivery and among those of its priority', () => {
  const runs = mixed(runsOf(45), runsOf(45, { priority: 1 }));
  const deliveries = packed(runs, { nonce: 'n', serving: new Map([['e', serving({ workers: 3 })]]) });
  for (const priority of [0, 1]) {
    const line = deliveries.filter((one) => one.priority === priority).flatMap(({ runIds }) => runIds);
    expect(line).toEqual(runs.filter((one) => one.priority === priority).map(({ runId }) => runId));
  }
  const firsts = deliveries.map(({ runIds }) => runs.findIndex(({ runId }) => runId === runIds[0]));
  expect(firsts).toEqual([...firsts].sort((one, other) => one - other));
  expect(deliveries.length).toBeGreaterThanOrEqual(6);
});

test('runs of jobs that have just come due are in deliveries of their own, which may go ahead', () => {
  const runs = runsOf(6);
  const fresh = new Set(['r1', 'r4']);
  const deliveries = packed(runs, { nonce: 'n', fresh, serving: new Map([['e', serving()]]) });
  expect(deliveries.map(({ runIds, goesAhead }) => [runIds, goesAhead])).toEqual([
    [['r0', 'r2', 'r3', 'r5'], false],
    [['r1', 'r4'], true],
  ]);
});

test('what is not known goes out alone, as it stands in the page', () => {
  const deliveries = packed(runsOf(3), { nonce: 'n' });
  expect(deliveries).toEqual([
    { id: 'dn-1', executor: 'e', priority: 0, goesAhead: false, runIds: ['r0'] },
    { id: 'dn-2', executor: 'e', priority: 0, goesAhead: false, runIds: ['r1'] },
    { id: 'dn-3', executor: 'e', priority: 0, goesAhead: false, runIds: ['r2'] },
  ]);
  expect(packed([], { nonce: 'n' })).toEqual([]);
});
