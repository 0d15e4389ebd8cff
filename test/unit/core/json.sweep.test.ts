import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../../packages/core/src/json.js';
import { sweep } from '../../support/sweep.js';

class Point {
  readonly x = 1;
}

const circle: { self?: unknown } = {};
circle.self = circle;

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

/** JSON turns -0 into 0, which makes no difference here. */
function withoutMinusZero(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMinusZero(member)]));
}

describe('jsonFault', () => {
  it.each<[string, unknown, string]>([
    ['a Date', { a: [new Date(0)] }, 'args.a[0] is a Date'],
    ['an invalid Date', new Date(Number.NaN), 'args is a Date'],
    ['a Map', [new Map()], 'args[0] is a Map'],
    ['a class instance', { p: new Point() }, 'args.p is a Point'],
    ['an Error', new TypeError('x'), 'args is a TypeError'],
    ['bytes', { b: new Uint8Array(1) }, 'args.b is a Uint8Array'],
    ['a function', [[() => {}]], 'args[0][0] is a function'],
    ['a symbol', [Symbol('x')], 'args[0] is a symbol'],
    ['a bigint', { n: 1n }, 'args.n is a bigint'],
    ['NaN', [Number.NaN], 'args[0] is NaN'],
    ['Infinity', [Number.NEGATIVE_INFINITY], 'args[0] is -Infinity'],
    ['undefined in a list', [1, undefined], 'args[1] is undefined'],
    ['a hole', new Array(1), 'args[0] is undefined'],
    ['a circle', circle, 'or in a circle'],
    ['too deep a nest', nested(101), 'deeper than 100 levels'],
    ['a toJSON method', { toJSON: () => 1 }, 'args has a toJSON method'],
    ['an object of no class that it names', Object.create({ constructor: undefined }), 'args is a class instance'],
    ['a boxed string', [Object('x')], 'args[0] is a String'],
  ])('%s is named by its path', (_, value, fault) => {
    expect(jsonFault(value, 'args')).toContain(fault);
  });

  it.each<[unknown]>([
    [null],
    [''],
    [-0.5],
    [{}],
    [[]],
    [Object.create(null)],
    [{ left: undefined, a: [{ b: null }] }],
    [JSON.parse('{"__proto__": {"a": 1}}')],
    [nested(100)],
  ])('%j survives', (value) => {
    expect(jsonFault(value, 'args')).toBeUndefined();
  });

  it('lets through just what JSON gives back equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sent = JSON.parse(JSON.stringify(value));
        expect(jsonFault(sent, 'x')).toBeUndefined();
      }),
    );
    const anything = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withBigInt: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        if (jsonFault(value, 'x') !== undefined) return;
        expect(JSON.parse(JSON.stringify(value))).toEqual(withoutMinusZero(value));
      }),
      { numRuns: sweep(500, 5_000) },
    );
  });
});
