import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { deliverAll, elect, event, listen, newRun, startedRun } from '../support/contract-records.js';
import {
  cancel,
  executionOf,
  firesAt,
  LEASE_MS,
  running,
  settle,
  settlement,
  start,
  states,
} from '../support/contract-runs.js';

const run = newRun('r', 'a', { fires: firesAt(1_000, 2_000, 3_000) });
const cancelledAt = (index: number, seq: number, at = START) =>
  event('job_cancelled', seq, at, {
    jobId: 'a',
    runId: 'r',
    executionId: `r.${index}`,
    scheduledRunTime: 1_000 * (index + 1),
  });

/** Starts a run and flags it for its worker to cancel. */
async function flagged(contract: TestedStore) {
  const epoch = await elect(contract);
  const deliveryId = await running(contract, epoch, run);
  await cancel(contract, 'r');
  return { epoch, deliveryId, heard: await listen(contract) };
}

jobStoreContract('a run that is to be cancelled', (open) => {
  test('ends with the execution that its worker says is cancelled, and all after it', async () => {
    const contract = await open();
    const { heard } = await flagged(contract);
    expect(await settle(contract, settlement('r', 'cancelled'))).toEqual(['settled']);
    expect(await heard()).toEqual([cancelledAt(0, 1), cancelledAt(1, 2), cancelledAt(2, 3)]);
    expect(await states(contract, 'r')).toEqual([null]);
  });

  for (const outcome of ['executed', 'error'] as const) {
    test(`ends with an execution that still ended as ${outcome}; the worker learns that the rest is cancelled`, async () => {
      const contract = await open();
      const { heard } = await flagged(contract);
      const settlements = [settlement('r', outcome), settlement('r', 'executed', { index: 1 })];
      expect(await settle(contract, ...settlements)).toEqual(['cancelled', 'void']);
      expect(await heard()).toEqual([
        expect.objectContaining({ type: `job_${outcome}`, seq: 1, executionId: 'r.0' }),
        cancelledAt(1, 1),
        cancelledAt(2, 2),
      ]);
      expect(await states(contract, 'r')).toEqual([null]);
    });
  }

  test('whose last execution has an outcome is simply settled', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await cancel(contract, 'r');
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'executed'))).toEqual(['settled']);
    expect(await heard()).toEqual([event('job_executed', 1, START, { ...executionOf('r'), value: null })]);
  });

  test('is not tried again', async () => {
    const contract = await open();
    const { heard } = await flagged(contract);
    expect(await settle(contract, settlement('r', 'retry'))).toEqual(['cancelled']);
    expect(await heard()).toEqual([cancelledAt(0, 1), cancelledAt(1, 2), cancelledAt(2, 3)]);
    expect(await contract.store.terms.due(1)).toMatchObject({ outboxAt: null });
  });

  test('is reported to its worker with each heartbeat, which renews its lease anyway', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    for (const runId of ['r', 's']) await running(contract, epoch, newRun(runId, null));
    await cancel(contract, 'r');
    const held = [
      { runId: 's', token: 't' },
      { runId: 'r', token: 't' },
      { runId: 'r', token: 'old' },
    ];
    const heartbeat = { worker: { workerId: 'w', json: '{}' }, leaseMs: LEASE_MS, held };
    await contract.pass(LEASE_MS - 1);
    for (let time = 0; time < 2; time++) {
      expect(await contract.store.ledger.heartbeat(heartbeat)).toEqual({
        isKnown: false,
        refused: ['r'],
        cancelled: ['r'],
      });
    }
    await contract.pass(LEASE_MS - 1);
    expect((await contract.store.terms.suspects({ limit: 9, cursor: '0' })).suspects).toEqual([]);
  });

  test('is not started by another worker: it ends', async () => {
    const contract = await open();
    const { deliveryId, heard } = await flagged(contract);
    expect(await start(contract, 'r', deliveryId, 'u')).toEqual({ status: 'ended', runId: 'r' });
    expect(await heard()).toEqual([cancelledAt(0, 1), cancelledAt(1, 2), cancelledAt(2, 3)]);
    expect(await settle(contract, settlement('r', 'executed'))).toEqual(['void']);
    expect(await start(contract, 'r', deliveryId, 'u')).toEqual({ status: 'dropped', runId: 'r' });
  });

  test('is cancelled, no error, where its queue refuses it after its worker handed it back', async () => {
    const contract = await open();
    const { epoch, heard } = await flagged(contract);
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
    await heard();
    const refused = { runId: 'r', deliveryId, executor: 'default' };
    await contract.store.terms.refuse({ epoch, ...refused, error: { name: 'Error', message: 'no' } });
    expect(await heard()).toEqual([cancelledAt(0, 1), cancelledAt(1, 2), cancelledAt(2, 3)]);
    expect(await states(contract, 'r')).toEqual([null]);
  });

  test('returns the same for a repeated start, with the flag', async () => {
    const contract = await open();
    const { deliveryId, heard } = await flagged(contract);
    const outcome = { status: 'started', run: startedRun(run, { cancelled: true }) };
    expect(await start(contract, 'r', deliveryId)).toEqual(outcome);
    expect(await heard()).toEqual([]);
  });

  test('ends at its next start, after it was handed back', async () => {
    const contract = await open();
    const { epoch, heard } = await flagged(contract);
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    expect(await heard()).toEqual([String(START)]);
    expect(await contract.store.records.runs(['r'])).toMatchObject([{ live: { run: { cancelled: true } } }]);
    const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
    expect(await start(contract, 'r', deliveryId, 'u')).toEqual({ status: 'ended', runId: 'r' });
    expect(await heard()).toEqual([cancelledAt(0, 1), cancelledAt(1, 2), cancelledAt(2, 3)]);
  });

  test('is handed back without the delay that was asked for', async () => {
    const contract = await open();
    const { heard } = await flagged(contract);
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }], delayMs: 5_000 });
    expect(await heard()).toEqual([String(START)]);
    expect((await contract.store.terms.outbox(10)).runs).toMatchObject([{ runId: 'r' }]);
  });

  test('ends as cancelled at its next start, though it has lost too many workers', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    let deliveryId = await running(contract, epoch, run);
    await start(contract, 'r', deliveryId, 'u');
    await cancel(contract, 'r');
    await contract.pass(LEASE_MS);
    const suspect = { runId: 'r', deliveryId, executor: 'default' };
    expect(await contract.store.terms.reap({ epoch, suspect, leaseMs: 1 })).toMatchObject({ value: 'reaped' });
    deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
    const heard = await listen(contract);
    expect(await start(contract, 'r', deliveryId, 'v')).toEqual({ status: 'ended', runId: 'r' });
    const { now } = contract;
    expect(await heard()).toEqual([cancelledAt(0, 1, now), cancelledAt(1, 2, now), cancelledAt(2, 3, now)]);
  });

  test('a worker may cancel what it was not asked to', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    await settle(contract, settlement('r', 'executed'));
    const heard = await listen(contract);
    expect(await settle(contract, settlement('r', 'cancelled', { index: 1 }))).toEqual(['settled']);
    expect(await heard()).toEqual([cancelledAt(1, 1), cancelledAt(2, 2)]);
    expect(await settle(contract, settlement('r', 'cancelled', { index: 1 }))).toEqual(['void']);
  });
});
