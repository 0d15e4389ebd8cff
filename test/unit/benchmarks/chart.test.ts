import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Step {
  readonly what: string;
  readonly load: number;
  readonly keptUp: boolean;
  readonly p50: number | null;
  readonly p99: number | null;
}

interface Ceiling {
  readonly steps: readonly Step[];
  readonly ceilings: readonly { readonly what: string; readonly load: number }[];
}

const benchmarks = new URL('../../../benchmarks/', import.meta.url);
const { latenessChart } = (await import(new URL('lateness-chart.js', benchmarks).href)) as {
  latenessChart(ceiling: Ceiling): string;
};
const read = (name: string) => readFileSync(new URL(`results/${name}`, benchmarks), 'utf8');

const points = (svg: string, kept: 'kept' | 'lost', series: string) =>
  [...svg.matchAll(new RegExp(`class="point ${series} ${kept}" cx="([\\d.]+)" cy="([\\d.]+)"`, 'g'))].map(
    ([, x, y]) => [Number(x), Number(y)],
  );

it('has a point for each load, full where it was kept up with; of several tries the last one', () => {
  const step = (load: number, p50: number | null, p99: number | null, keptUp = true) => ({
    what: 'Ours',
    load,
    p50,
    p99,
    keptUp,
  });
  const svg = latenessChart({
    steps: [step(500, 900, 5_000, false), step(500, 0, 10), step(1_000, 1, 100), step(2_000, 400, 1_000, false)],
    ceilings: [{ what: 'Ours', load: 1_000 }],
  });
  expect(svg).toContain('Ours: up to 1,000 a second');
  // One point in the legend, and two loads in each of two panels.
  expect(points(svg, 'kept', 'a')).toHaveLength(5);
  const lost = points(svg, 'lost', 'a');
  expect(lost.map(([x]) => x)).toEqual([428, 874]);
  const [, [x500, y500] = [], [x1000, y1000] = []] = points(svg, 'kept', 'a');
  expect([x500, x1000]).toEqual([78, 253]);
  // The chart begins at 1 ms, because 0 has no logarithm.
  expect(y500).toBe(y1000);
});

it('draws no point for a load under which nothing ran', () => {
  const none = { what: 'Ours', load: 500, keptUp: false, p50: null, p99: null };
  const svg = latenessChart({ steps: [none], ceilings: [{ what: 'Ours', load: 0 }] });
  expect(points(svg, 'lost', 'a')).toEqual([]);
  expect(svg).not.toContain('NaN');
});

it('lateness.svg is what benchmarks/chart.js makes of ceiling.json', () => {
  const { ceiling } = JSON.parse(read('ceiling.json')) as { readonly ceiling: Ceiling };
  expect(read('lateness.svg')).toBe(latenessChart(ceiling));
});
