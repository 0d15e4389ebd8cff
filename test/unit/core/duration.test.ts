import { describe, expect, it } from 'vitest';
import { parseDuration, timerMilliseconds, toMilliseconds } from '../../../packages/core/src/duration.js';
import { InvalidOptionsError } from '../../../packages/core/src/errors.js';

describe('a duration', () => {
  it.each<[unknown, number]>([
    [0, 0],
    [30, 30],
    [1.4, 1.4],
    ['500ms', 500],
    ['40s', 40_000],
    ['1.5h', 5_400_000],
    ['5m', 300_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['0s', 0],
  ])('%j is %d ms', (given, ms) => {
    expect(parseDuration(given)).toBe(ms);
  });

  it.each<[unknown]>([
    [-1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [''],
    ['40'],
    ['s'],
    ['-5s'],
    ['+5s'],
    ['5 s'],
    ['5S'],
    ['5s '],
    ['5s\n'],
    ['5sec'],
    ['1e3s'],
    ['.5s'],
    ['5.s'],
    ['1,5s'],
    ['0x5s'],
    ['Infinitys'],
    [null],
    [undefined],
    [['5s']],
    [new Date(0)],
  ])('%j is refused', (given) => {
    expect(parseDuration(given)).toBeUndefined();
    expect(() => toMilliseconds(given as number, 'lease')).toThrow();
  });

  it('results in whole milliseconds', () => {
    expect(toMilliseconds('0.0015s', 'lease')).toBe(2);
    expect(toMilliseconds(1.4, 'lease')).toBe(1);
  });

  it.each(['99999999999999999999d', 1e300, Number.MAX_SAFE_INTEGER, '36501d', '9007199254740993ms'] as const)(
    '%j is refused with what is allowed',
    (given) => {
      expect(() => toMilliseconds(given, 'patience')).toThrow(/^patience: .* is too long: give at most 36500d$/);
      expect(() => timerMilliseconds(given, 'lease')).toThrow(/^lease: .* is too long: give at most 24d$/);
    },
  );

  it('that a timer waits for is at most 24 days', () => {
    expect(timerMilliseconds('24d', 'lease')).toBe(24 * 86_400_000);
    expect(() => timerMilliseconds('25d', 'lease')).toThrow('lease: "25d" is too long: give at most 24d');
    expect(toMilliseconds('36500d', 'patience')).toBe(36_500 * 86_400_000);
  });

  it('that is wrong is named, with what is allowed', () => {
    expect(() => toMilliseconds('5' as '5s', 'lease')).toThrow(InvalidOptionsError);
    expect(() => toMilliseconds('5' as '5s', 'lease')).toThrow(/lease: "5" is not a duration: .*"40s"/);
  });
});
