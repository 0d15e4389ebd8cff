import { expect, test } from 'vitest';
import { quickly } from '../support/bench.js';

test('each benchmark runs to its end, and an overload is accounted for', async () => {
  const { report } = await quickly();
  const { herd, stored, finding, overload, idle, adding, takeover } = report;
  expect(herd?.herds?.[0]).toMatchObject({ jobs: 200, neighbourWorst: expect.any(Number), begunS: expect.any(Number) });
  expect(stored?.stored?.map(({ jobs }) => jobs)).toEqual([100, 1_000]);
  expect(finding?.finding?.map(({ jobs }) => jobs)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
  expect(finding?.forecast).toHaveLength(2);
  expect(overload?.fires?.[0]).toMatchObject({ unaccounted: 0, lostEvents: 0, error: 0 });
  expect(overload?.watched?.length).toBeGreaterThan(3);
  expect(idle?.share?.map(({ what }) => what)).toContain('second worker');
  expect(idle?.calls?.[0]?.callsPerSecond).toBeGreaterThan(0);
  expect(adding?.rates).toHaveLength(6);
  expect(takeover?.takeovers?.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGTERM']);
});
