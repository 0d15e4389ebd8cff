import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { Sliced } from '../../../packages/coordinator/src/sliced.js';

test('goes on for a slice of time, at least a step, and counts no rest', async () => {
  const clock = new VirtualClock(new Date(0));
  const spent: number[] = [];
  function* steps() {
    for (let step = 0; step < 5; step++) {
      void clock.set(new Date(clock.now() + 2));
      spent.push(sliced.spentMs);
      yield;
    }
    return 'done';
  }
  const sliced: Sliced<string> = new Sliced(clock, steps());
  expect(sliced.goOn(5)).toBeUndefined();
  expect(sliced.spentMs).toBe(6);
  await clock.advance(1_000);
  expect(sliced.goOn(0)).toBeUndefined();
  expect(sliced.goOn(1_000)).toEqual({ value: 'done' });
  expect(spent).toEqual([2, 4, 6, 8, 10]);
  expect(sliced.spentMs).toBe(10);
});

test('what is thrown in a step is thrown by the slice', () => {
  const sliced = new Sliced(
    new VirtualClock(new Date(0)),
    (function* () {
      yield;
      throw new RangeError('no fire time');
    })(),
  );
  expect(() => sliced.goOn(5)).toThrow('no fire time');
});
