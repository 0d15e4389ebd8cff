import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { liveRuns } from '../support/contract-looks.js';
import { deliver, deliverAll, elect, newRun, startedRun } from '../support/contract-records.js';
import { LEASE_MS, running, settle, settlement, states, submit } from '../support/contract-runs.js';

jobStoreContract('runs as they are read', (open) => {
  test('in the order of the ids, each with the whole of what it is', async () => {
    const contract = await open();
    const run = newRun('r', 'a:b "c"', { executor: 'odd.one', payload: '{"n":"\\u0000 %d 🕰️"}', priority: 3 });
    await submit(contract, run);
    const live = { run: startedRun(run, { starts: 0 }), state: 'queued', notBefore: null, progress: null };
    expect(await contract.store.records.runs(['none', 'r', 'none', 'r'])).toEqual([
      { live: null, outcomes: [], retriedAs: null },
      { live, outcomes: [], retriedAs: null },
      { live: null, outcomes: [], retriedAs: null },
      { live, outcomes: [], retriedAs: null },
    ]);
    expect(await contract.store.records.runs([])).toEqual([]);
  });

  test('are queued from submission to start, running until they are settled, or given back', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await submit(contract, newRun('1', null));
    expect(await states(contract, '1')).toEqual(['queued']);
    await deliverAll(contract, epoch);
    expect(await states(contract, '1')).toEqual(['queued']);
    const deliveryId = await running(contract, epoch, newRun('2', null));
    expect(await states(contract, '2')).toEqual(['running']);
    await contract.pass(LEASE_MS);
    expect(await states(contract, '2')).toEqual(['running']);
    await contract.store.terms.reap({ epoch, suspect: { runId: '2', deliveryId, executor: 'default' }, leaseMs: 1 });
    expect(await states(contract, '2')).toEqual(['queued']);
  });

  test('wait, where another run has the instance', async () => {
    const contract = await open();
    const queued = newRun('2', 'a', { overlap: 'queue' });
    await submit(contract, newRun('1', 'a'));
    await submit(contract, queued);
    expect(await contract.store.records.runs(['2'])).toEqual([
      {
        live: { run: startedRun(queued, { starts: 0 }), state: 'waiting', notBefore: null, progress: null },
        outcomes: [],
        retriedAs: null,
      },
    ]);
  });

  test('that cannot be read are not live', async () => {
    const contract = await open();
    await submit(contract, newRun('r', 'a'));
    await contract.damage('run', 'r');
    expect(await contract.store.records.runs(['r'])).toEqual([{ live: null, outcomes: [], retriedAs: null }]);
    expect(await liveRuns(contract, 'a')).toEqual([]);
  });

  test('of a job are all that are owed, wherever they are, and none of another', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const many = { maxInstances: 3, overlap: 'queue' } as const;
    for (const runId of ['1', '2']) await running(contract, epoch, newRun(runId, 'a', many));
    await settle(contract, settlement('1', 'retry'));
    await deliver(contract, epoch, newRun('3', 'a', many));
    for (const runId of ['4', '5']) await submit(contract, newRun(runId, 'a', many));
    await running(contract, epoch, newRun('6', 'ab'));
    await submit(contract, newRun('7', null));
    expect(await states(contract, '1', '2', '3', '5')).toEqual(['retrying', 'running', 'queued', 'waiting']);
    expect(await liveRuns(contract, 'a')).toEqual(['1', '2', '3', '5']);
    await settle(contract, settlement('2', 'executed'));
    expect(await liveRuns(contract, 'a')).toEqual(['1', '3', '5']);
    expect(await liveRuns(contract, 'none')).toEqual([]);
    expect(await contract.store.terms.due(1)).toMatchObject({ outboxAt: START });
  });

  test('of a job are found in a ledger of any size', async () => {
    const contract = await open();
    const ids = Array.from({ length: 2_500 }, (_, index) => `r${index}`);
    const jobOf = (index: number) => (index % 100 === 0 ? 'a' : null);
    const submitted = (id: string, index: number) => submit(contract, newRun(id, jobOf(index), { maxInstances: 100 }));
    // A busy machine answers a hundred calls in time, but perhaps not all of them at once.
    for (let from = 0; from < ids.length; from += 100) {
      await Promise.all(ids.slice(from, from + 100).map((id, at) => submitted(id, from + at)));
    }
    const ofJob = ids.filter((_, index) => jobOf(index) === 'a').sort();
    expect(await liveRuns(contract, 'a')).toEqual(ofJob);
    const { cursor } = await contract.store.records.liveRuns({ jobId: 'a', cursor: '0' });
    expect(cursor).not.toBe('0');
  });
});
