import { describe, expect, it } from 'vitest';
import { checkSpec } from '../../../../packages/core/src/job/checks.js';
import { areShort, argsSchema } from '../../../../packages/core/src/job/schemas.js';

describe('arguments that are seen to be right without their schema', () => {
  it.each([[[]], [['a', 1, true, null, -0.5, '\ud800', '\u0000']]])(
    'are those that it leaves as they are: %j',
    (args) => {
      expect(areShort(args)).toBe(true);
      expect(argsSchema.parse(args)).toEqual(args);
    },
  );

  it.each<[string, unknown]>([
    ['no array', { length: 0 }],
    ['a text', 'a'],
    ['what is left out', new Array(1)],
    ['undefined', [undefined]],
    ['no number', [Number.NaN]],
    ['an endless number', [Number.POSITIVE_INFINITY]],
    ['a date', [new Date(0)]],
    ['a bigint', [1n]],
    ['a list', [[]]],
    ['an object', [{}]],
    ['a long text', ['x'.repeat(1_001)]],
    ['many', Array.from({ length: 21 }, () => 1)],
  ])('are not %s', (_, args) => {
    expect(areShort(args)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['what is left out', new Array(1)],
    ['undefined', [undefined]],
    ['no number', [Number.NaN]],
    ['a date', [new Date(0)]],
  ])('and others are refused as before: %s', (_, args) => {
    expect(() => checkSpec({ task: 'a', args })).toThrow('which does not survive JSON: pass plain data');
  });
});
