import { expect, test } from 'vitest';
import { TraceRate } from '../../../packages/carillon/src/opentelemetry/trace-rate.js';

function rateOf(perSecond: number) {
  let now = 0;
  const rate = new TraceRate(perSecond);
  const times = (count: number) => Array.from({ length: count }, () => rate.take(now));
  return {
    times,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('a number of them begin at once, then one each time that its part of the second is over; each says how many were refused before', () => {
  const { times, pass } = rateOf(4);
  expect(times(6)).toEqual([0, 0, 0, 0, null, null]);
  pass(249);
  expect(times(1)).toEqual([null]);
  pass(1);
  expect(times(2)).toEqual([3, null]);
  pass(500);
  expect(times(3)).toEqual([1, 0, null]);
});

test('what was not used in a second is not kept', () => {
  const { times, pass } = rateOf(2);
  pass(60_000);
  expect(times(3)).toEqual([0, 0, null]);
});

test('a rate below one a second lets one begin, and the next once its time has come', () => {
  const { times, pass } = rateOf(0.5);
  expect(times(2)).toEqual([0, null]);
  pass(2_000);
  expect(times(2)).toEqual([1, null]);
});

test('no rate lets none begin, and an endless one all', () => {
  const none = rateOf(0);
  none.pass(1e9);
  expect(none.times(2)).toEqual([null, null]);
  expect(new Set(rateOf(Number.POSITIVE_INFINITY).times(1_000))).toEqual(new Set([0]));
});

test('a clock that goes back keeps no trace waiting for longer than before', () => {
  const { times, pass } = rateOf(2);
  expect(times(3)).toEqual([0, 0, null]);
  pass(-3_600_000);
  expect(times(1)).toEqual([null]);
  pass(499);
  expect(times(1)).toEqual([null]);
  pass(1);
  expect(times(2)).toEqual([3, null]);
});
