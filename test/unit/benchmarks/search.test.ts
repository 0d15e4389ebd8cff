import { expect, it } from 'vitest';

interface Loads {
  readonly least: number;
  readonly from: number;
  readonly to: number;
  readonly within: number;
}

interface Figures {
  readonly asked: number;
  readonly done: number;
  readonly earlierP50: number | null;
  readonly laterP50: number | null;
}

const { highestLoad, keepsUp } = (await import(new URL('../../../benchmarks/search.js', import.meta.url).href)) as {
  highestLoad(loads: Loads): Generator<number, number, boolean>;
  keepsUp(figures: Figures): boolean;
};

/** Returns the loads that the search tries and its result, where a scheduler keeps up with loads up to `limit`. */
function found(limit: number, { to = 128_000, failsFirst = false } = {}) {
  const search = highestLoad({ least: 60, from: 500, to, within: 0.1 });
  const tried: number[] = [];
  let turn = search.next();
  while (!turn.done) {
    const again = tried.includes(turn.value);
    tried.push(turn.value);
    turn = search.next(turn.value <= limit && (again || !failsFirst));
  }
  return { tried, highest: turn.value };
}

it('doubles the load until it is not kept up with, and then halves the gap', () => {
  expect(found(3_000)).toEqual({ tried: [500, 1_000, 2_000, 4_000, 4_000, 2_828, 3_363, 3_084], highest: 2_828 });
  for (const limit of [500, 777, 1_999, 2_000, 6_000, 50_000, 127_000]) {
    const { highest, tried } = found(limit);
    expect(highest).toBeLessThanOrEqual(limit);
    expect(highest).toBeGreaterThan(limit / 1.11);
    expect(tried.length).toBeLessThan(16);
  }
});

it('looks below the first load where that is too much', () => {
  expect(found(300)).toEqual({ tried: [500, 500, 250, 354, 297, 324], highest: 297 });
});

it('lets a load fail once, ends at the greatest load, and finds nothing where the least is too much', () => {
  expect(found(1_500, { failsFirst: true }).tried.slice(0, 4)).toEqual([500, 500, 1_000, 1_000]);
  expect(found(10_000, { to: 4_000 })).toEqual({ tried: [500, 1_000, 2_000, 4_000], highest: 4_000 });
  expect(found(50)).toEqual({ tried: [500, 500, 250, 125, 62], highest: 0 });
});

it.each([
  ['all is done, and on time', { asked: 1_000, done: 1_000, earlierP50: 5, laterP50: 5 }, true],
  ['a little is still to be done', { asked: 1_000, done: 980, earlierP50: 80, laterP50: 20 }, true],
  ['more than a little', { asked: 1_000, done: 979, earlierP50: 5, laterP50: 5 }, false],
  ['it gets later', { asked: 1_000, done: 1_000, earlierP50: 5, laterP50: 106 }, false],
  ['it was late and gets no later', { asked: 1_000, done: 1_000, earlierP50: 500, laterP50: 590 }, true],
  ['nothing is done', { asked: 0, done: 0, earlierP50: null, laterP50: null }, false],
])('keeps up: %s', (_, figures, kept) => {
  expect(keepsUp(figures)).toBe(kept);
});
