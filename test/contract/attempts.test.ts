import { expect, test } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { deliverAll, elect, listen, newRun, startedRun } from '../support/contract-records.js';
import { firesAt, running, settle, settlement, start } from '../support/contract-runs.js';

const run = newRun('r', 'a', { fires: firesAt(1_000, 2_000, 3_000) });

/** Delivers the run again and starts it. Returns the run as its worker sees it, or how the start ended. */
async function startAnew(contract: TestedStore, epoch: number, token = 't') {
  const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
  const outcome = await start(contract, 'r', deliveryId, token);
  return outcome?.status === 'started' ? outcome.run : outcome;
}

jobStoreContract('attempts at each fire time of a run', (open) => {
  test('begin again with the next one: the start that goes on is its first', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    const retry = { delayMs: 0 };
    await settle(contract, settlement('r', 'retry', retry));
    expect(await startAnew(contract, epoch)).toEqual(startedRun(run, { starts: 2, tries: 1 }));
    await settle(contract, settlement('r', 'error'));
    expect(await contract.store.records.runs(['r'])).toMatchObject([{ live: { run: startedRun(run, { done: 1 }) } }]);
    await settle(contract, settlement('r', 'retry', { ...retry, index: 1 }));
    const heard = await listen(contract);
    expect(await startAnew(contract, epoch)).toEqual(startedRun(run, { starts: 2, tries: 1, done: 1 }));
    expect(await heard()).toMatchObject([{ type: 'job_started', attempt: 2 }]);
  });

  test('count the starts after a hand-back and after a lost worker, but these are not tries', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    expect(await startAnew(contract, epoch)).toEqual(startedRun(run, { starts: 2 }));
    await settle(contract, settlement('r', 'executed'), settlement('r', 'executed', { index: 1 }));
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    expect(await startAnew(contract, epoch)).toEqual(startedRun(run, { starts: 2, done: 2 }));
  });

  test('a retry of a fire time that is not the current one is void', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    expect(await settle(contract, settlement('r', 'retry', { index: 1 }))).toEqual(['void']);
    const answers = settle(
      contract,
      settlement('r', 'executed'),
      settlement('r', 'retry', { index: 1, delayMs: 0 }),
      settlement('r', 'executed', { index: 1 }),
    );
    expect(await answers).toEqual(['settled', 'settled', 'void']);
    expect(await startAnew(contract, epoch)).toEqual(startedRun(run, { starts: 2, tries: 1, done: 1 }));
  });

  test('fire times after the first are never too late, however late they come', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const { now } = contract;
    const punctual = { ...run, fires: firesAt(now, now), graceMs: 0 };
    await running(contract, epoch, punctual);
    await settle(contract, settlement('r', 'executed'));
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    await contract.pass(60_000);
    expect(await startAnew(contract, epoch)).toEqual(startedRun(punctual, { starts: 2, done: 1 }));
  });
});
