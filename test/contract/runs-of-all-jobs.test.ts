import { expect, test } from 'vitest';
import { pageOfRuns, type RunMatch } from '../../packages/core/src/scheduler/run-pages.js';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { elect, newRun, op } from '../support/contract-records.js';
import { cancel, firesAt, running, settle, settlement, submit } from '../support/contract-runs.js';

const ALL = { jobId: null, task: null, executor: null, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const matching = (...states: string[]) => ({ ...ALL, states: new Set(states) }) as unknown as RunMatch;
const ENDED = matching('executed', 'error', 'cancelled', 'missed', 'max_instances');

/** The outcome of an execution, with its whole event. */
function ended(
  runId: string,
  jobId: string | null,
  outcome: 'executed' | 'error' | 'cancelled',
  index = 0,
  error = {},
) {
  return settlement(runId, outcome, { jobId, index, error: { name: 'Error', message: 'no', ...error } });
}

/** All pages of `limit` runs each, as ids and states. */
async function listed({ store }: TestedStore, match: RunMatch, limit = 2): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof pageOfRuns>> = await pageOfRuns(
      store.records,
      'default',
      match,
      limit,
      cursor,
    );
    found.push(...page.runs.map(({ runId, state }) => `${runId} ${state}`));
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

jobStoreContract('the runs of all jobs', (open) => {
  test('that have ended are listed newest first, page by page, each once', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const outcomes = ['executed', 'error', 'executed', 'error', 'cancelled'] as const;
    for (const [n, outcome] of outcomes.entries()) {
      await running(contract, epoch, newRun(`r${n}`, n % 2 ? 'a' : null));
      await contract.pass(10);
      if (outcome === 'cancelled') await cancel(contract, `r${n}`);
      await settle(contract, ended(`r${n}`, n % 2 ? 'a' : null, outcome));
    }
    const all = ['r4 cancelled', 'r3 error', 'r2 executed', 'r1 error', 'r0 executed'];
    for (const limit of [1, 2, 100]) expect(await listed(contract, ENDED, limit)).toEqual(all);
    expect(await listed(contract, matching('error'))).toEqual(['r3 error', 'r1 error']);
    expect(await listed(contract, { ...ENDED, jobId: 'a' })).toEqual(['r3 error', 'r1 error']);
    expect(await listed(contract, { ...ENDED, task: 'another' })).toEqual([]);
    const { now } = contract;
    expect(await listed(contract, { ...ENDED, from: now - 20, to: now - 10 })).toEqual(['r3 error', 'r2 executed']);
    expect(await listed(contract, { ...matching('error'), from: now - 10 })).toEqual(['r3 error']);
  });

  test('that are owed come first, by their states', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('done', 'a'));
    await settle(contract, ended('done', 'a', 'executed'));
    await running(contract, epoch, newRun('busy', 'a'));
    await submit(contract, newRun('next', null));
    expect((await listed(contract, matching('running', 'queued', 'executed'), 1)).sort()).toEqual([
      'busy running',
      'done executed',
      'next queued',
    ]);
    expect((await listed(contract, matching('running', 'executed'))).at(-1)).toBe('done executed');
    expect(await listed(contract, { ...matching('running', 'queued'), jobId: 'a' })).toEqual(['busy running']);
  });

  test('of several fire times are reported by their last one, also across pages', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('many', 'a', { fires: firesAt(1_000, 2_000, 3_000) }));
    for (const index of [0, 1, 2]) await settle(contract, ended('many', 'a', 'executed', index));
    await running(contract, epoch, newRun('last', null));
    await settle(contract, ended('last', null, 'executed'));
    for (const limit of [1, 100])
      expect(await listed(contract, ENDED, limit)).toEqual(['last executed', 'many executed']);
  });

  test('that failed are kept without their stacks, and longer than the log goes back', async () => {
    const contract = await open();
    const { records } = contract.store;
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await settle(contract, ended('r', 'a', 'error', 0, { message: 'no ,"stack":"', stack: 'Error: no\n  at x' }));
    const noise = { type: 'job_paused', about: { jobStore: 'default', jobId: 'x' } } as const;
    for (let n = 0; n < 3; n++) await records.announce({ op: op(), event: noise });
    const [kept, ...others] = await records.failures({ before: null, limit: 10 });
    expect(others).toEqual([]);
    expect(JSON.parse(kept?.message ?? '')).toMatchObject({ type: 'job_error', error: { message: 'no ,"stack":"' } });
    expect(kept?.message).not.toContain('at x');
    expect(await records.failures({ before: kept?.id ?? '', limit: 10 })).toEqual([]);
    expect((await records.newest({ before: null, limit: 2 })).map(({ message }) => JSON.parse(message).seq)).toEqual([
      3, 2,
    ]);
  });

  test('begin at no cursor that is wrong', async () => {
    const { store } = await open();
    for (const cursor of ['x', '', Buffer.from('{"in":"ended","at":"no","open":[]}').toString('base64url')]) {
      await expect(pageOfRuns(store.records, 'default', ENDED, 1, cursor)).rejects.toMatchObject({
        code: 'INVALID_JOB',
      });
    }
  });
});
