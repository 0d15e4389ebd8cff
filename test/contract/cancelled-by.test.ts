import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { deliverAll, elect, event, listen, newRun, op } from '../support/contract-records.js';
import {
  executionOf,
  firesAt,
  LEASE_MS,
  running,
  settle,
  settlement,
  start,
  submit,
} from '../support/contract-runs.js';

const BY = { actor: 'ann "a" <ann@example.org>', reason: 'month end: Größe \\' };
const run = newRun('r', 'a', { fires: firesAt(1_000, 2_000) });

const ended = (index: number, seq: number, at = START, by: object = BY) => {
  const execution = { executionId: `r.${index}`, scheduledRunTime: 1_000 * (index + 1) };
  return event('job_cancelled', seq, at, { jobId: 'a', runId: 'r', ...execution, ...by });
};

const cancelAs = ({ store }: TestedStore, by?: typeof BY) => store.records.cancel({ op: op(), runIds: ['r'], by });

jobStoreContract('who cancelled a run, and why', (open) => {
  test('is in the event of one that has not begun', async () => {
    const contract = await open();
    await submit(contract, run);
    const heard = await listen(contract);
    expect(await cancelAs(contract, BY)).toEqual(['cancelled']);
    expect(await heard()).toEqual([ended(0, 1), ended(1, 2)]);
  });

  test('is reported as its worker ends it; a caller that asks again changes nothing', async () => {
    const contract = await open();
    await running(contract, await elect(contract), run);
    expect(await cancelAs(contract, BY)).toEqual(['cancelling']);
    expect(await cancelAs(contract, { actor: 'bob', reason: 'no' })).toEqual(['cancelling']);
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'cancelled'))).toEqual(['settled']);
    expect(await heard()).toEqual([ended(0, 1), ended(1, 2)]);
  });

  test('is reported where the execution has an outcome, of what is left', async () => {
    const contract = await open();
    await running(contract, await elect(contract), run);
    await cancelAs(contract, BY);
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'executed'))).toEqual(['cancelled']);
    expect(await heard()).toEqual([event('job_executed', 1, START, { ...executionOf('r'), value: null }), ended(1, 1)]);
  });

  test('is reported as another worker is to start it', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, run);
    await cancelAs(contract, BY);
    await contract.pass(LEASE_MS);
    await contract.store.terms.reap({ epoch, suspect: { runId: 'r', deliveryId, executor: 'default' }, leaseMs: 1 });
    const next = (await deliverAll(contract, epoch)).get('r') ?? '';
    const heard = await listen(contract);
    expect(await start(contract, 'r', next, 'u')).toEqual({ status: 'ended', runId: 'r' });
    expect(await heard()).toEqual([ended(0, 1, contract.now), ended(1, 2, contract.now)]);
  });

  test('is not reported where no caller said it, nor of a later run', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    await cancelAs(contract);
    const heard = await listen(contract);
    await settle(contract, settlement('r', 'cancelled'));
    expect(await heard()).toEqual([ended(0, 1, START, {}), ended(1, 2, START, {})]);
    // A run that is restored has the same id.
    await running(contract, epoch, run);
    await cancelAs(contract, BY);
    await settle(contract, settlement('r', 'cancelled'));
    await running(contract, epoch, run);
    await settle(contract, settlement('r', 'cancelled'));
    expect((await heard()).slice(-2)).toEqual([ended(0, 5, START, {}), ended(1, 6, START, {})]);
  });
});
