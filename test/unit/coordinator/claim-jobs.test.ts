import {
  type Claim,
  type ClaimOutcome,
  type Happening,
  StoreRefusalError,
  type TermStore,
} from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { claimJobs } from '../../../packages/coordinator/src/claim-jobs.js';
import { TermOver } from '../../../packages/coordinator/src/term.js';

const claimOf = (id: string) =>
  ({ id, expected: { rev: 1, dueAt: 7 }, deliveryId: `d ${id}`, run: { runId: `run of ${id}` } }) as Claim;

/** Claims jobs in a store that judges each call by the ids in it. */
async function claim(ids: readonly string[], judge: (ids: readonly string[]) => ClaimOutcome | 'over') {
  const claimed: string[] = [];
  const reported: Happening[] = [];
  const terms: Pick<TermStore, 'claim'> = {
    claim: async ({ claims }) => {
      const asked = claims.map(({ id }) => id);
      const value = judge(asked);
      if (value === 'over') return { status: 'over' };
      if (Array.isArray(value)) claimed.push(...asked);
      return { status: 'done', value };
    },
  };
  const parts = { jobStore: 'default', terms: terms as TermStore, report: (one: Happening) => void reported.push(one) };
  const { refused: aside, submitted } = await claimJobs(parts, 1, ids.map(claimOf));
  return {
    claimed,
    aside,
    submitted,
    reported: reported.map((one) => ('jobId' in one ? `${one.kind} ${one.jobId}` : one.kind)),
  };
}

test('jobs whose runs the store does not take are to be set aside; the others are claimed', async () => {
  const { claimed, aside, reported } = await claim(['a', 'bad', 'b', 'worse'], (ids) => {
    const refused = ids.find((id) => id === 'bad' || id === 'worse');
    return refused ? { refused: `run of ${refused}` } : ids.map(() => 'claimed' as const);
  });
  expect(claimed).toEqual(['a', 'b']);
  expect(aside.map(({ id, pending }) => [id, pending?.dueAt])).toEqual([
    ['bad', 7],
    ['worse', 7],
  ]);
  expect(reported).toEqual([]);
});

test('a claim that breaks the script off keeps no other from being claimed, and is named', async () => {
  const ids = Array.from({ length: 21 }, (_, index) => `job ${index}`);
  const { claimed, aside, submitted, reported } = await claim(ids, (asked) => {
    if (asked.includes('job 13')) throw new StoreRefusalError('WRONGTYPE');
    return asked.map((id) => (id === 'job 7' ? 'submitted' : 'claimed'));
  });
  expect(claimed).toEqual(ids.filter((id) => id !== 'job 13'));
  expect(aside).toEqual([]);
  expect(submitted).toEqual(['run of job 7']);
  expect(reported).toEqual(['claim_failed job 13']);
});

test('where it is not about a job, nothing is tried by halves', async () => {
  let calls = 0;
  const failing = (error: Error) => () => {
    calls += 1;
    throw error;
  };
  await expect(claim(['a', 'b'], failing(new Error('no connection')))).rejects.toThrow('no connection');
  await expect(claim(['a', 'b'], () => 'over')).rejects.toThrow(TermOver);
  expect(calls).toBe(1);
  expect((await claim(['a', 'b'], () => 'paused')).claimed).toEqual([]);
  expect((await claim([], failing(new Error('nothing is asked')))).claimed).toEqual([]);
});
