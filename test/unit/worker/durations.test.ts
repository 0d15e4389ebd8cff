import type { Clock } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { type Begun, Durations } from '../../../packages/worker/src/durations.js';

/** A clock whose time and processor time are set by hand. */
function handClock() {
  const at = { ms: 1_000, busyMs: 0, asked: 0 };
  const clock: Clock = {
    now: () => at.ms,
    busyMs() {
      at.asked += 1;
      return at.busyMs;
    },
    after: () => () => {},
  };
  /** Lets time pass. For `busyMs` of it, this process has the processor. */
  const pass = (ms: number, busyMs = ms) => {
    at.ms += ms;
    at.busyMs += busyMs;
  };
  return { at, pass, durations: new Durations(clock) };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('nothing is known before a run has ended, and what is at work counts by how long it has been', async () => {
  const { durations, pass } = handClock();
  expect(durations.meanMs).toBe(null);
  const begun = durations.begin();
  await turn();
  pass(40);
  expect(durations.meanMs).toBe(40);
  durations.end(begun);
  expect(durations.meanMs).toBe(40);
});

test('runs that end in the turn in which they began share what it took of the processor, and no more time than passed', async () => {
  for (const [ms, busyMs, mean] of [
    [10, 10, 1],
    [10, 5, 0.5],
    [5, 10, 0.5],
  ] as const) {
    const { durations, pass } = handClock();
    const runs = Array.from({ length: 10 }, () => durations.begin());
    pass(ms, busyMs);
    for (const run of runs) durations.end(run);
    // What the event loop does after the runs does not count as theirs.
    pass(100, 0);
    await turn();
    expect(durations.meanMs).toBeCloseTo(mean);
  }
});

test('a run that goes on after its turn counts by the time that passed', async () => {
  const { durations, pass } = handClock();
  const quick = durations.begin();
  const slow = durations.begin();
  pass(2);
  durations.end(quick);
  await turn();
  pass(98, 0);
  durations.end(slow);
  expect(durations.meanMs).toBeCloseTo(2 + (100 - 2) * 0.05);
});

test('turns that follow one another closely are not all measured, and their runs count as those of the next that is', async () => {
  const { durations, pass, at } = handClock();
  const ends = async (runs: number, ms: number) => {
    const begun: Begun[] = Array.from({ length: runs }, () => durations.begin());
    pass(ms);
    for (const one of begun) durations.end(one);
    await turn();
  };
  await ends(1, 1);
  expect([durations.meanMs, at.asked]).toEqual([1, 2]);
  for (let count = 0; count < 10; count++) await ends(1, 1);
  expect([durations.meanMs, at.asked]).toEqual([1, 2]);
  pass(100);
  await ends(1, 3);
  expect(at.asked).toBe(4);
  expect(durations.meanMs).toBeCloseTo(1 + (3 - 1) * (1 - 0.95 ** 11));
});

test('it says when the mean is twice or half of what it said last, once in 200 ms at most, and not where it is long either way', async () => {
  const { durations, pass, at } = handClock();
  const said: { readonly ms: number; readonly meanMs: number }[] = [];
  const off = durations.onNews(() => void said.push({ ms: at.ms, meanMs: durations.meanMs ?? Number.NaN }));
  const takes = async (ms: number, runs: number) => {
    for (let run = 0; run < runs; run++) {
      const begun = durations.begin();
      await turn();
      pass(ms);
      durations.end(begun);
    }
  };
  await takes(1, 1);
  expect(said).toEqual([{ ms: 1_001, meanMs: 1 }]);
  await takes(1.5, 2_000);
  expect(said).toHaveLength(1);
  await takes(9, 500);
  await takes(0, 1_000);
  pass(1_000);
  await takes(0, 1);
  for (const [index, { ms, meanMs }] of said.entries()) {
    const before = said[index - 1];
    if (!before) continue;
    expect(ms - before.ms).toBeGreaterThanOrEqual(200);
    expect(Math.max(meanMs, before.meanMs)).toBeGreaterThan(2 * Math.min(meanMs, before.meanMs));
  }
  expect(said.map(({ meanMs }) => Math.sign(meanMs - 1.5))).toEqual([-1, 1, 1, 1, -1]);
  await takes(30, 200);
  const known = said.length;
  await takes(3_000, 200);
  expect(said).toHaveLength(known);
  off();
  await takes(0, 1_000);
  pass(1_000);
  await takes(0, 1);
  expect(said).toHaveLength(known);
});
