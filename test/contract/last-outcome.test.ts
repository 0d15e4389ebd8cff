import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, deliver, elect, newRun, put } from '../support/contract-records.js';
import { cancel, firesAt, running, settle, settlement, start, submit } from '../support/contract-runs.js';

const run = newRun('r', 'a', { fires: firesAt(1_000, 2_000, 3_000) });

async function lastOf({ store }: TestedStore, id = 'a'): Promise<string | null> {
  const [job] = (await store.records.read([id])).jobs;
  return job && 'last' in job ? job.last : null;
}

jobStoreContract('the last outcome of a job', (open) => {
  test('of a cancelled run is its newest fire time, and counts for nothing', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    await running(contract, epoch, run);
    await settle(contract, settlement('r', 'error'));
    await contract.pass(5);
    await cancel(contract, 'r');
    expect(await lastOf(contract)).toBe(`error 1000 ${START} 0 1`);
    await settle(contract, settlement('r', 'executed', { index: 1 }));
    expect(await lastOf(contract)).toBe(`cancelled 3000 ${START + 5} 1 1`);
  });

  test('of one that was cancelled before it started, or while it waited, too', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    await submit(contract, newRun('1', 'a', { overlap: 'queue', fires: firesAt(2_000) }));
    await submit(contract, newRun('2', 'a', { overlap: 'queue', fires: firesAt(3_000) }));
    await cancel(contract, '2');
    expect(await lastOf(contract)).toBe(`cancelled 3000 ${START} 0 0`);
    await cancel(contract, '1');
    expect(await lastOf(contract)).toBe(`cancelled 2000 ${START} 0 0`);
  });

  test('of a run that lost its workers is an error for each fire time that was left', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, run);
    await settle(contract, settlement('r', 'executed'));
    for (const token of ['2', '3']) await start(contract, 'r', deliveryId, token);
    expect(await lastOf(contract)).toBe(`error 3000 ${START} 1 2`);
  });

  test('of a run that its queue refuses is an error too', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, run);
    const refused = { runId: 'r', deliveryId, executor: 'default' };
    await contract.store.terms.refuse({ epoch, ...refused, error: { name: 'Error', message: 'no' } });
    expect(await lastOf(contract)).toBe(`error 3000 ${START} 0 3`);
  });

  test('of a job that is gone is not kept, nor is what was missed or superseded an outcome', async () => {
    const contract = await open();
    await put(contract, adding('b', null));
    const epoch = await elect(contract);
    for (const jobId of ['gone', '__proto__']) {
      await submit(contract, newRun(`of-${jobId.length}`, jobId));
      await cancel(contract, `of-${jobId.length}`);
      await put(contract, adding(jobId, null));
      expect(await lastOf(contract, jobId)).toBeNull();
    }
    const deliveryId = await deliver(contract, epoch, newRun('r', 'b', { graceMs: 0, overlap: 'queue' }));
    for (const runId of ['s', 't']) await submit(contract, newRun(runId, 'b', { overlap: 'queue' }));
    expect(await start(contract, 'r', deliveryId)).toMatchObject({ status: 'ended' });
    expect(await lastOf(contract, 'b')).toBeNull();
  });
});
