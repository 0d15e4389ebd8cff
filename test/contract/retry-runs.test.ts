import { expect, test } from 'vitest';
import type { NewRun } from '../../packages/core/src/internal.js';
import { runAgain } from '../../packages/core/src/job/run-again.js';
import { enterAgain, findRetryable, type RetryMatch } from '../../packages/core/src/scheduler/retry-runs.js';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { elect, newRun, op } from '../support/contract-records.js';
import { cancel, firesAt, running, settle, settlement, states } from '../support/contract-runs.js';

const ALL: RetryMatch = {
  states: new Set(['error']),
  jobId: null,
  task: null,
  executor: null,
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  runIds: null,
};

const failingRun = (runId: string, jobId: string | null, more: Partial<NewRun> = {}) =>
  newRun(runId, jobId, { payload: `{"of":"${runId}"}`, ...more });

function failure(runId: string, jobId: string | null, index = 0, fireTime = 1_000 * (index + 1)) {
  return settlement(runId, 'error', { jobId, index, fireTime, error: { name: 'E', message: 'no', stack: 'at' } });
}

/** Lets these runs fail one after the other, one each second. */
async function failed(contract: TestedStore, epoch: number, ...runs: NewRun[]): Promise<void> {
  for (const run of runs) {
    await running(contract, epoch, run);
    for (const index of run.fires.keys()) await settle(contract, failure(run.runId, run.jobId, index));
    await contract.pass(1_000);
  }
}

const found = async ({ store }: TestedStore, match: Partial<RetryMatch> = {}) => {
  const { runs, notKept, retried } = await findRetryable(store.records, 'default', { ...ALL, ...match });
  return { runs: runs.map(({ run }) => run.runId), notKept, retried };
};

const again = async ({ store }: TestedStore, match: Partial<RetryMatch> = {}) => {
  const { runs } = await findRetryable(store.records, 'default', { ...ALL, ...match });
  const chance = { id: op } as never;
  const { entered, left } = await enterAgain({ records: store.records, chance }, runs, { actor: 'Ann' });
  return { entered: entered.map(({ retryOf }) => retryOf), ids: entered.map(({ runId }) => runId), left };
};

jobStoreContract('what failed', (open) => {
  test('is kept with what it takes to run it again, and is run again once', async () => {
    const contract = await open();
    const { records } = contract.store;
    const epoch = await elect(contract);
    const policy = { maxInstances: 3, executor: 'mail', priority: 2, overlap: 'queue' } as const;
    const history = { ageMs: 90_000, perJob: 7 };
    await failed(contract, epoch, failingRun('a', 'j', { ...policy, history }), failingRun('b', null));
    expect(await records.failures({ before: null, limit: 10 })).toMatchObject([
      { run: { payload: '{"of":"b"}' } },
      { run: { ...policy, history, payload: '{"of":"a"}' } },
    ]);
    expect(await found(contract)).toEqual({ runs: ['b', 'a'], notKept: [], retried: 0 });
    const { entered, ids, left } = await again(contract);
    expect([entered, left]).toEqual([['b', 'a'], []]);
    const [first, second] = await records.runs(ids.toReversed());
    expect(first?.live).toMatchObject({
      state: 'queued',
      run: { jobId: 'j', executor: 'mail', overlap: 'queue', history, asked: true, payload: '{"of":"a"}' },
    });
    expect(first?.live?.run.fires).toEqual([{ fireTime: 1_000, dueAt: contract.now }]);
    expect(first?.live?.run.retryOf).toBe('a');
    expect(second?.live?.run).toMatchObject({ jobId: null, payload: '{"of":"b"}' });
    expect((await records.runs(['a', 'b'])).map(({ retriedAs }) => retriedAs)).toEqual(ids.toReversed());
    expect(await found(contract)).toEqual({ runs: [], notKept: [], retried: 2 });
    const { events } = await records.events({ after: { before: 0 }, limit: 100 });
    const submitted = events.map(({ message }) => JSON.parse(message)).filter(({ actor }) => actor === 'Ann');
    expect(submitted.map(({ type, retryOf }) => [type, retryOf])).toEqual([
      ['job_submitted', 'b'],
      ['job_submitted', 'a'],
    ]);
  });

  test('is run again by one of two callers; a repeated call returns the same', async () => {
    const contract = await open();
    const { records } = contract.store;
    await failed(contract, await elect(contract), failingRun('a', 'j'));
    const [one] = (await findRetryable(records, 'default', ALL)).runs;
    if (!one) throw new Error('nothing failed');
    const call = { op: op(), runs: [{ retryOf: 'a', run: runAgain(one.run, one.kept, contract.now, {}) }] };
    expect(await records.retryRuns(call)).toEqual(['submitted']);
    expect(await records.retryRuns(call)).toEqual(['submitted']);
    expect(await records.retryRuns({ ...call, op: op() })).toEqual(['retried']);
    const { runId } = call.runs[0]?.run ?? { runId: '' };
    expect(await cancel(contract, runId)).toEqual(['cancelled']);
    expect(await records.retryRuns({ ...call, op: op() })).toEqual(['retried']);
    expect(await states(contract, runId)).toEqual([null]);
  });

  test('is left where its job has as many live runs as it may, where its run is owed, and where nothing of it is kept', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await failed(contract, epoch, failingRun('a', 'j', { maxInstances: 1 }), failingRun('b', 'j', { maxInstances: 1 }));
    const large = failingRun('large', null, { payload: JSON.stringify({ of: 'x'.repeat(16_384) }) });
    await failed(contract, epoch, large);
    const many = failingRun('many', null, { fires: firesAt(1_000, 2_000) });
    await running(contract, epoch, many);
    await settle(contract, failure('many', null, 0));
    expect(await found(contract)).toEqual({ runs: ['b', 'a'], notKept: ['large'], retried: 0 });
    expect(await again(contract)).toMatchObject({ entered: ['b'], left: [{ runId: 'a', why: 'max_instances' }] });
    expect(await found(contract)).toMatchObject({ runs: ['a'], retried: 1 });
    const { events } = await contract.store.records.events({ after: { before: 0 }, limit: 100 });
    expect(events.filter(({ message }) => message.includes('job_max_instances'))).toEqual([]);
    const owed = { op: op(), runs: [{ retryOf: 'many', run: failingRun('other', null) }] };
    expect(await contract.store.records.retryRuns(owed)).toEqual(['owed']);
    // Both of its fire times failed and are run again together.
    await settle(contract, failure('many', null, 1));
    const { ids } = await again(contract, { runIds: new Set(['many']) });
    const [run] = await contract.store.records.runs(ids);
    expect(run?.live?.run.fires.map(({ fireTime }) => fireTime)).toEqual([1_000, 2_000]);
  });

  test('is chosen by job, task, executor, time and id', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const begin = contract.now;
    await failed(contract, epoch, failingRun('a', 'j'), failingRun('b', null), failingRun('c', 'k'));
    const cases: readonly (readonly [Partial<RetryMatch>, readonly string[]])[] = [
      [{ jobId: 'j' }, ['a']],
      [{ task: 'other' }, []],
      [{ executor: 'default' }, ['c', 'b', 'a']],
      [{ executor: 'mail' }, []],
      [{ from: begin + 1_000 }, ['c', 'b']],
      [{ to: begin + 1_000 }, ['b', 'a']],
      [{ runIds: new Set(['a', 'c', 'none']) }, ['c', 'a']],
    ];
    for (const [match, runs] of cases) expect((await found(contract, match)).runs, JSON.stringify(match)).toEqual(runs);
  });

  test('is dropped when it is older than the account', async () => {
    const contract = await open();
    const { records } = contract.store;
    const epoch = await elect(contract);
    await failed(contract, epoch, failingRun('a', null), failingRun('b', null));
    await contract.pass(89 * 86_400_000);
    await failed(contract, epoch, failingRun('c', null));
    expect(await found(contract)).toMatchObject({ runs: ['c', 'b', 'a'] });
    await contract.pass(2 * 86_400_000);
    await failed(contract, epoch, failingRun('d', null));
    expect((await records.failures({ before: null, limit: 10 })).map(({ run }) => run?.payload)).toEqual([
      '{"of":"d"}',
      '{"of":"c"}',
    ]);
  });
});
