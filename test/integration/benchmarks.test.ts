import { expect, test } from 'vitest';
import { quickly } from '../support/bench.js';

// The least of them; `benchmarks.long.test.ts` runs all.
test('a benchmark runs to its end, and prints and writes what it found', async () => {
  const { printed, report } = await quickly('adding');
  const { rates = [] } = report.adding ?? {};
  expect(rates).toHaveLength(6);
  for (const { what } of rates) expect(printed).toContain(what);
});
