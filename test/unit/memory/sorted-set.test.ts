import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byBytes, SortedSet } from '../../../packages/core/src/memory/sorted-set.js';

const ofBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
/** Texts whose order in UTF-16 may differ from that in UTF-8: beyond U+FFFF, and after the surrogates. */
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

  it('is as a list that is sorted after each change', () => {
    const changes = fc.array(fc.tuple(text, fc.option(fc.integer({ min: 0, max: 3 }))), { maxLength: 40 });
    const check = (steps: readonly (readonly [string, number | null])[], score: number, member: string) => {
      const set = new SortedSet();
      const scores = new Map<string, number>();
      for (const [name, to] of steps) {
        expect(to === null ? set.delete(name) : set.set(name, to)).toBe(
          to === null ? scores.delete(name) : !scores.has(name),
        );
        if (to !== null) scores.set(name, to);
      }
      const sorted = [...scores].sort(([one, a], [other, b]) => a - b || ofBytes(one, other));
      const names = (pairs: readonly (readonly [string, number])[]) => pairs.map(([name]) => name);
      expect(set.upTo(score, 5)).toEqual(names(sorted.filter(([, at]) => at <= score)).slice(0, 5));
      expect(set.downFrom(score, 5)).toEqual(
        names(sorted.filter(([, at]) => at <= score))
          .reverse()
          .slice(0, 5),
      );
      const isAfter = ([name, at]: readonly [string, number]) => (at - score || ofBytes(name, member)) > 0;
      expect(set.after(score, member, 5)).toEqual(names(sorted.filter(isAfter)).slice(0, 5));
      expect(set.scoreAt(1)).toBe(sorted[1]?.[1] ?? null);
      expect([set.size, new Map(set.scores)]).toEqual([scores.size, scores]);
    };
    fc.assert(fc.property(changes, fc.integer({ min: 0, max: 3 }), text, check));
  });

  it('keeps few changes where nothing looks at the order, however many there were', () => {
    const set = new SortedSet();
    for (let at = 0; at < 3_000; at++) {
      set.set(`m${at}`, at);
      if (at > 0) set.delete(`m${at - 1}`);
      expect(set.waiting).toBeLessThan(100);
    }
    for (let at = 0; at < 1_000; at++) set.set(`n${at}`, at);
    expect(set.scoreAt(0)).toBe(0);
    for (let at = 0; at < 1_000; at++) set.delete(`n${at}`);
    expect(set.waiting).toBeLessThan(100);
    expect(set.upTo(Number.POSITIVE_INFINITY, 10)).toEqual(['m2999']);
  });

  it('has many changes between two looks in their places at the next one', () => {
    const set = new SortedSet();
    const expected = () =>
      [...set.scores].sort(([one, a], [other, b]) => a - b || ofBytes(one, other)).map(([name]) => name);
    const check = () => expect(set.upTo(Number.POSITIVE_INFINITY, set.size)).toEqual(expected());
    for (let at = 0; at < 100; at++) set.set(`m${(at * 37) % 100}`, at % 7);
    check();
    // More changes than are put in place one by one. Some members are added and removed, and some only move.
    for (let at = 0; at < 80; at++) {
      set.set(`n${at}`, at % 5);
      if (at % 2 === 0) set.delete(`n${at}`);
      if (at % 3 === 0) set.delete(`m${at}`);
      else set.set(`m${at}`, 9 - (at % 4));
    }
    check();
    // More changes than wait for a look.
    for (let at = 0; at < 2_000; at++) set.set(`m${at % 50}`, at % 11);
    check();
    for (const member of expected()) set.delete(member);
    check();
    set.set('z', 1);
    set.set('a', 1);
    check();
  });
});
