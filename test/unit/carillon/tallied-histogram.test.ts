import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { TalliedHistogram } from '../../../packages/carillon/src/metrics/tallied-histogram.js';

const BOUNDS = [0.005, 0.5, 1, 60];
const labelNames = ['store', 'task'] as const;
const form = { name: 'waits_seconds', help: 'How long "runs" waited.' };
const name = fc.constantFrom('default', 'mail', 'a "b"\n\\c', '');
const observed = fc.oneof(fc.constantFrom(0, ...BOUNDS), fc.double({ min: 0, max: 100, noNaN: true }));

test('a registry shows what is tallied as it shows what a histogram of its own observed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, name, observed)), async (all) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const tallied = new TalliedHistogram({ ...form, registers: [ours] }, labelNames, BOUNDS);
      const histogram = new Histogram({ ...form, labelNames, buckets: BOUNDS, registers: [theirs] });
      const series = new Map<string, ReturnType<typeof tallied.series>>();
      for (const [store, task, value] of all) {
        const key = JSON.stringify([store, task]);
        series.set(key, series.get(key) ?? tallied.series({ store, task }));
        series.get(key)?.tally(value);
        histogram.observe({ store, task }, value);
      }
      for (const registry of [ours, theirs]) registry.setDefaultLabels({ host: 'one' });
      expect(linesOf(await ours.metrics())).toEqual(linesOf(await theirs.metrics()));
      const shown = async (registry: Registry) =>
        JSON.parse(JSON.stringify(await registry.getMetricsAsJSON(), withoutExemplars));
      expect(await shown(ours)).toEqual(await shown(theirs));
      ours.resetMetrics();
      theirs.resetMetrics();
      expect(await ours.metrics()).toBe(await theirs.metrics());
      // The series that the caller kept still count.
      for (const [key, one] of series) {
        const [store, task] = JSON.parse(key);
        one.tally(1);
        histogram.observe({ store, task }, 1);
      }
      expect(linesOf(await ours.metrics())).toEqual(linesOf(await theirs.metrics()));
    }),
    { numRuns: 50 },
  );
});

/** Neither histogram has exemplars, but that of `prom-client` has a member for them. */
const withoutExemplars = (key: string, value: unknown) => (key === 'exemplar' ? undefined : value);

/** The order of labels has no meaning. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort()}}`));
}
