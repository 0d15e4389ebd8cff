import { type Happening, type Settlement, type SettleOutcome, StoreRefusalError } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { Settler } from '../../../packages/worker/src/settler.js';

const settlement = (runId: string): Settlement => {
  const run = { runId, jobId: null, task: 't', executor: 'default' };
  return { run, token: 't', index: 0, fireTime: 0, outcome: 'executed', value: 'null' };
};

/** A settler of a store that answers as the test decides. */
function settlerOf(answer: (runIds: readonly string[]) => SettleOutcome[]) {
  const clock = new VirtualClock(new Date(0));
  const calls: string[] = [];
  const reported: Happening['kind'][] = [];
  let ids = 0;
  const settle = async ({ op, settlements }: { op: string; settlements: readonly Settlement[] }) => {
    const runIds = settlements.map(({ run }) => run.runId);
    calls.push(`${op} ${runIds}`);
    return answer(runIds);
  };
  const settler = new Settler({
    jobStore: 'default',
    ledger: { settle } as never,
    chance: { id: () => `op${ids++}` } as never,
    clock,
    report: ({ kind }) => void reported.push(kind),
  });
  const outcomes: Record<string, SettleOutcome> = {};
  const begin = (...runIds: string[]) => {
    for (const runId of runIds) settler.settle(settlement(runId), (outcome) => (outcomes[runId] = outcome));
  };
  return { clock, calls, reported, settler, outcomes, begin };
}

test('what the store refuses is tried again, as the same call, until it answers; it says so once in a while', async () => {
  let isReadOnly = true;
  const { clock, calls, reported, outcomes, begin } = settlerOf((runIds) => {
    if (isReadOnly) throw new Error('NOREPLICAS Not enough good replicas to write.');
    return runIds.map(() => 'settled');
  });
  begin('a', 'b', 'c');
  await clock.advance('15s');
  expect(outcomes).toEqual({});
  expect(reported).toEqual(['settling_failed', 'settling_failed']);
  isReadOnly = false;
  await clock.advance('1s');
  expect(outcomes).toEqual({ a: 'settled', b: 'settled', c: 'settled' });
  expect(new Set(calls)).toEqual(new Set(['op0 a,b,c']));
});

test('what ends in one turn is settled by one call at once, and what ends while it is under way by the next, a page at most', async () => {
  const { clock, calls, begin } = settlerOf((runIds) => runIds.map(() => 'settled'));
  begin('a');
  // Like tasks that end a few promises later.
  await null;
  begin('b');
  await new Promise(process.nextTick);
  begin(...Array.from({ length: 201 }, (_, index) => `c${index}`));
  await clock.advance(0);
  expect(calls.map((call) => call.split(',').length)).toEqual([2, 200, 1]);
});

test('what can never be settled is tried by itself: the others, and those that come after it, are settled', async () => {
  const { clock, reported, outcomes, begin } = settlerOf((runIds) => {
    if (runIds.includes('damaged')) throw new StoreRefusalError('WRONGTYPE');
    return runIds.map(() => 'settled');
  });
  begin('a', 'b', 'damaged', 'c');
  await clock.advance('1s');
  expect(outcomes).toEqual({ a: 'settled', b: 'settled', c: 'settled' });
  begin('d');
  await clock.advance('20s');
  expect(Object.keys(outcomes)).toEqual(['a', 'b', 'c', 'd']);
  expect(reported).toHaveLength(3);
});

test('once it is closed nothing is tried again, and no timer is left', async () => {
  const { clock, calls, outcomes, settler, begin } = settlerOf(() => {
    throw new Error('LOADING');
  });
  begin('a');
  await clock.advance('1s');
  settler.close();
  const before = calls.length;
  begin('b');
  await clock.advance('5s');
  expect(outcomes).toEqual({ a: 'void', b: 'void' });
  expect(calls).toHaveLength(before + 1);
});

test('what a caller throws settles nothing again, and keeps no other from its outcome', async () => {
  const { clock, calls, reported, outcomes, settler, begin } = settlerOf((runIds) => runIds.map(() => 'settled'));
  settler.settle(settlement('a'), () => {
    throw new Error('boom');
  });
  begin('b');
  await clock.advance('5s');
  expect(calls).toEqual(['op0 a,b']);
  expect(outcomes).toEqual({ b: 'settled' });
  expect(reported).toEqual(['settling_failed']);
});
