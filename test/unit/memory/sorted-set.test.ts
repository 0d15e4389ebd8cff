import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byBytes, SortedSet } from '../../../packages/core/src/memory/sorted-set.js';

const ofBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
/** Where the order of UTF-16 is not that of UTF-8, too: beyond U+FFFF, and after the surrogates. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𐀀'), maxLength: 4 });

describe('a sorted set', () => {
  it('orders members of one score by their bytes', () => {
    const check = (one: string, other: string) => {
      expect(Math.sign(byBytes(one, other))).toBe(ofBytes(one, other));
    };
    fc.assert(fc.property(text, text, check));
    expect(byBytes('\uffff', '😀')).toBe(ofBytes('\uffff', '😀'));
    expect(byBytes('a', 'ab')).toBe(ofBytes('a', 'ab'));
  });

  it('gives its members by score, then by their bytes', () => {
    const set = new SortedSet();
    for (const member of ['b', '😀', '\uffff', 'a']) set.set(member, 1);
    set.set('z', 0);
    expect(set.upTo(1, 10)).toEqual(['z', 'a', 'b', '\uffff', '😀']);
  });
});
