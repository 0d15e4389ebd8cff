import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { newRun, op } from '../../support/contract-records.js';

const WEEK = 604_800_000;

/** A job with a run, a run that was superseded, and a run that waits. All of them are to be kept for a week. */
async function threeRuns() {
  const clock = new VirtualClock();
  const { records } = new MemoryCluster({ clock }).connect().jobStore('default');
  const history = { ageMs: WEEK, perJob: null };
  for (const runId of ['1', '2', '3']) {
    await records.submit({ op: op(), run: newRun(runId, 'a', { overlap: 'queue', history }) });
  }
  const kept = async () => (await records.runs(['1', '2', '3'])).map(({ outcomes }) => outcomes.length);
  return { clock, records, kept };
}

test('what is kept of a superseded run is there for an hour, whatever its job says', async () => {
  const { clock, kept } = await threeRuns();
  await clock.advance(3_599_999);
  expect(await kept()).toEqual([0, 1, 0]);
  await clock.advance(1);
  expect(await kept()).toEqual([0, 0, 0]);
});

test('what is kept of a run is there for its age, and as long is the run among those of its job', async () => {
  const { clock, records, kept } = await threeRuns();
  await records.cancel({ op: 'cancel 1', runIds: ['1'] });
  await clock.advance(WEEK - 1);
  await records.cancel({ op: 'cancel 3', runIds: ['3'] });
  expect(await kept()).toEqual([1, 0, 1]);
  expect(await records.history({ jobId: 'a', limit: 9 })).toEqual(['3', '1']);
  await clock.advance(1);
  expect(await kept()).toEqual([0, 0, 1]);
  expect(await records.history({ jobId: 'a', limit: 9 })).toEqual(['3']);
});
