import { expect, test } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { deliverAll, elect, listen, newRun } from '../support/contract-records.js';
import { firesAt, running, settle, settlement, start, submit } from '../support/contract-runs.js';

async function progressOf({ store }: TestedStore, runId = 'r') {
  return (await store.records.runs([runId]))[0]?.live?.progress;
}

const tell = ({ store }: TestedStore, json: string, token = 't', runId = 'r') =>
  store.ledger.progress([{ runId, token, json }]);

jobStoreContract('progress', (open) => {
  test('is what the worker reported last, as it reported it', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    expect(await progressOf(contract)).toBeNull();
    const heard = await listen(contract);
    for (const json of ['1', '{"done":"½ %s \\u0000\\n","of":[null]}']) {
      await tell(contract, json);
      expect(await progressOf(contract)).toBe(json);
    }
    expect(await heard()).toEqual([]);
  });

  test('is dropped where the worker holds the run no longer, and kept for the others of one call', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    for (const runId of ['r', 's']) await running(contract, epoch, newRun(runId, null));
    await submit(contract, newRun('queued', null));
    await contract.store.ledger.progress([
      { runId: 'r', token: 'old', json: '1' },
      { runId: 'gone', token: 't', json: '2' },
      { runId: 'queued', token: 't', json: '3' },
      { runId: 's', token: 't', json: '4' },
    ]);
    expect([await progressOf(contract), await progressOf(contract, 'queued')]).toEqual([null, null]);
    expect(await progressOf(contract, 's')).toBe('4');
    await contract.store.ledger.progress([]);
  });

  test('stays while the run goes on: to its next fire time, to another worker, handed back', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, newRun('r', 'a', { fires: firesAt(1_000, 2_000) }));
    await tell(contract, '1');
    await settle(contract, settlement('r', 'executed'));
    expect(await progressOf(contract)).toBe('1');
    await start(contract, 'r', deliveryId, 'u');
    expect(await progressOf(contract)).toBe('1');
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 'u' }] });
    expect(await progressOf(contract)).toBe('1');
  });

  test('begins again with another try, and goes with the run', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await tell(contract, '1');
    await settle(contract, settlement('r', 'retry', { delayMs: 0 }));
    expect(await progressOf(contract)).toBeNull();
    await start(contract, 'r', (await deliverAll(contract, epoch)).get('r') ?? '');
    await tell(contract, '2');
    await settle(contract, settlement('r', 'executed'));
    // Another run with this id has none of its progress.
    await submit(contract, newRun('r', 'a'));
    expect(await progressOf(contract)).toBeNull();
  });
});
