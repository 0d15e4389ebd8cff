import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAmong } from '../../../../packages/carillon/src/alerts/pattern.js';

it('a pattern is a name in which * matches any letters', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, name) => {
      const source = pattern
        .split('*')
        .map((part) => part.replaceAll('.', '\\.'))
        .join('.*');
      expect(isAmong([pattern], name)).toBe(new RegExp(`^${source}$`, 's').test(name));
    }),
    { numRuns: 2_000 },
  );
  expect([
    isAmong(undefined, null),
    isAmong(['*'], null),
    isAmong(['x', 'a*'], 'ab'),
    isAmong(['x', 'a*'], 'ba'),
  ]).toEqual([...[true, false, true, false]]);
  // The time grows with the length of the name, not with a power of it.
  expect(isAmong(['*a*a*a*a*a*a*a*a*a*a*b'], 'a'.repeat(100_000))).toBe(false);
});
