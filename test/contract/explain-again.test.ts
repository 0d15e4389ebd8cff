import { interval } from '@carillon/core';
import { expect, test } from 'vitest';
import { Explainer } from '../../packages/core/src/account/read/explainer.js';
import { runIdOf } from '../../packages/core/src/job/definition.js';
import { runAgain } from '../../packages/core/src/job/run-again.js';
import { findRetryable } from '../../packages/core/src/scheduler/retry-runs.js';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { electAndRaise } from '../support/contract-account.js';
import { adding, at, newRun, op, put } from '../support/contract-records.js';
import { deliverAndStart, firesAt, running, settle, settlement } from '../support/contract-runs.js';
import { record } from '../support/hand-made-account.js';

const FIRE_TIME = START + 60_000;
const HISTORY = { ageMs: 86_400_000, perJob: 100 };
const ALL = {
  states: new Set(['error'] as const),
  ...{ jobId: null, task: null, executor: null, runIds: null },
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
};

/** Settles a run of job `j` for its fire time. */
function end(contract: TestedStore, runId: string, outcome: 'executed' | 'error') {
  const error = outcome === 'error' ? { error: { name: 'TypeError', message: 'no file', stack: '' } } : {};
  return settle(contract, settlement(runId, outcome, { jobId: 'j', fireTime: FIRE_TIME, ...error }));
}

/** Runs the last failed run again, in the name of `by`. Returns the id of the new run. */
async function again({ store, now }: TestedStore, by: object): Promise<string> {
  const { runs } = await findRetryable(store.records, 'default', ALL);
  const entered = runs.map(({ run, kept }) => ({ retryOf: run.runId, run: runAgain(run, kept, now, by) }));
  expect(await store.records.retryRuns({ op: op(), runs: entered })).toEqual(['submitted']);
  return entered[0]?.run.runId ?? '';
}

jobStoreContract('a fire time that was run again', (open) => {
  test('is explained with the new run and its outcome', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    const json = JSON.stringify(record(interval('1m'), { at: new Date(START).toISOString() }));
    const job = { digest: 'd', newGeneration: true, json, pending: at(FIRE_TIME + 60_000) };
    await put(contract, { ...adding('j', null), record: job });
    await contract.pass(60_000);
    const stored = (await contract.store.records.account('j')).job;
    const runId = runIdOf('j', stored && 'generation' in stored ? stored.generation : 0, FIRE_TIME);
    await running(contract, epoch, newRun(runId, 'j', { fires: firesAt(FIRE_TIME), history: HISTORY }));
    await end(contract, runId, 'error');
    const explained = () => new Explainer(contract.store).at('j', () => FIRE_TIME);
    const before = await explained();
    expect(before).toMatchObject({ code: 'error', evidence: { run: { runId } } });
    expect(before.evidence).not.toHaveProperty('again');

    await contract.pass(5_000);
    const second = await again(contract, { actor: 'Ann', reason: 'mended' });
    const queued = await explained();
    expect(queued).toMatchObject({ code: 'error', evidence: { again: [{ runId: second, retryOf: runId }] } });
    expect(queued.sentence).toContain(`because of 'mended': run ${second} waits in its queue for a worker.`);

    await deliverAndStart(contract, epoch, second);
    await end(contract, second, 'error');
    expect((await explained()).sentence).toMatch(
      new RegExp(`Ann ran it again at .* because of 'mended': run ${second} failed at .* \\(TypeError: no file\\)\\.$`),
    );

    await contract.pass(5_000);
    const third = await again(contract, { actor: 'Bob' });
    await deliverAndStart(contract, epoch, third);
    await end(contract, third, 'executed');
    const { code, sentence, evidence } = await explained();
    expect(code).toBe('error');
    expect(sentence).toMatch(
      new RegExp(
        `It was run again 2 times; the last time, Bob ran it again at .*: run ${third} was executed at [^.]*\\.$`,
      ),
    );
    expect(evidence).toMatchObject({
      run: { runId, asked: false },
      again: [
        {
          runId: second,
          retryOf: runId,
          actor: 'Ann',
          reason: 'mended',
          state: 'error',
          error: { message: 'no file' },
        },
        { runId: third, retryOf: second, actor: 'Bob', reason: null, state: 'executed', error: null },
      ],
    });
  });
});
