import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassingMap } from '../../../packages/core/src/passing-map.js';

setFlagsFromString('--expose-gc');
const collect: (options?: { readonly type: 'minor' }) => void = runInNewContext('gc');

const BURSTS = 64;
const AT_ONCE = 100;
const VALUE_BYTES = 2_000;

/** Fills and empties a map repeatedly, with a minor collection in some bursts. Returns how many bytes of its former content it keeps. */
function keptBytes(map: Pick<PassingMap<number, unknown>, 'set' | 'delete'>): number {
  collect();
  for (let burst = 0; burst < BURSTS; burst++) {
    for (let key = 0; key < AT_ONCE; key++) {
      map.set(key, new Array(VALUE_BYTES / 8).fill(0));
      if (burst % 8 === 7 && key === AT_ONCE / 2) collect({ type: 'minor' });
    }
    for (let key = 0; key < AT_ONCE; key++) map.delete(key);
  }
  for (let i = 0; i < 2; i++) collect({ type: 'minor' });
  const { heapUsed } = process.memoryUsage();
  collect();
  return heapUsed - process.memoryUsage().heapUsed;
}

describe('a map of what comes and goes', () => {
  it('is as a map', () => {
    const key = fc.integer({ min: 0, max: 5 });
    const steps = fc.array(fc.record({ key, kind: fc.constantFrom('set', 'delete', 'delete', 'clear') }));
    const check = (all: readonly { readonly key: number; readonly kind: string }[]) => {
      const map = new PassingMap<number, number>();
      const model = new Map<number, number>();
      for (const [index, { key, kind }] of all.entries()) {
        if (kind === 'set') expect(map.set(key, index)).toBe(map);
        if (kind === 'set') model.set(key, index);
        if (kind === 'delete') expect(map.delete(key)).toBe(model.delete(key));
        if (kind === 'clear') map.clear();
        if (kind === 'clear') model.clear();
        expect([map.size, map.get(key), map.has(key)]).toEqual([model.size, model.get(key), model.has(key)]);
      }
      const each: [number, number][] = [];
      map.forEach((value, name) => void each.push([name, value]));
      expect([[...map], [...map.entries()], each]).toEqual([[...model], [...model], [...model]]);
      expect([[...map.keys()], [...map.values()]]).toEqual([[...model.keys()], [...model.values()]]);
    };
    fc.assert(fc.property(steps, check));
  });

  it('lets small collections take what was in it', () => {
    expect(keptBytes(new PassingMap())).toBeLessThan((BURSTS * AT_ONCE * VALUE_BYTES) / 2);
  });
});
