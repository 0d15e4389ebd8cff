import { expect, it } from 'vitest';

type Counts = readonly (readonly [ms: number, runs: number])[];

const { Lateness, latenessOf } = (await import(new URL('../../../benchmarks/lateness.js', import.meta.url).href)) as {
  Lateness: new () => { add(ms: number): void; take(): Counts };
  latenessOf(counts: Counts): { count: number; p50: number | null; p99: number | null; worst: number | null };
};

it('counts by whole milliseconds what came since the last time, and never before its time', () => {
  const lateness = new Lateness();
  for (const ms of [3.4, 3.4, -2, 0.2]) lateness.add(ms);
  const counts = lateness.take();
  expect(counts.toSorted(([a], [b]) => a - b)).toEqual([
    [0, 2],
    [3, 2],
  ]);
  expect(lateness.take()).toEqual([]);
});

it('has the figures of several takes together', () => {
  const early: Counts = Array.from({ length: 98 }, (_, ms) => [ms, 1] as const);
  expect(latenessOf([...early, [500, 1], [900, 1]])).toEqual({ count: 100, p50: 49, p99: 500, worst: 900 });
  expect(latenessOf([])).toEqual({ count: 0, p50: null, p99: null, worst: null });
});
