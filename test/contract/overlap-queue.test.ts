import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { deliverAll, elect, event, listen, newRun, op } from '../support/contract-records.js';
import { running, settle, settlement, states, submit } from '../support/contract-runs.js';

const queued = (runId: string, more = {}) => newRun(runId, 'a', { overlap: 'queue', ...more });
const of = (runId: string) => ({ jobId: 'a', runId, coalesced: null });

jobStoreContract('overlap queue', (open) => {
  test('beyond the limit a run waits: it is neither submitted nor delivered, and wakes no leader', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const heard = await listen(contract);
    expect(await submit(contract, queued('1'))).toBe('submitted');
    expect(await heard()).toEqual([event('job_submitted', 1, START, of('1')), String(START)]);
    expect(await submit(contract, queued('2'))).toBe('waiting');
    expect(await heard()).toEqual([]);
    expect(await states(contract, '1', '2')).toEqual(['queued', 'waiting']);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['1']);
  });

  test('the newest one waits: the older one is reported as max_instances and is owed no more', async () => {
    const contract = await open();
    await submit(contract, queued('1'));
    await submit(contract, queued('2', { coalesced: { first: 1, last: 2 } }));
    const heard = await listen(contract);
    expect(await submit(contract, queued('3'))).toBe('waiting');
    expect(await heard()).toEqual([
      event('job_max_instances', 1, START, { ...of('2'), coalesced: { first: 1, last: 2 } }),
    ]);
    expect(await states(contract, '1', '2', '3')).toEqual(['queued', null, 'waiting']);
    expect((await contract.store.records.inspect({ runs: 9, quarantined: 0 })).counts).toMatchObject({ runs: 2 });
  });

  test('once an instance is free the waiting one is submitted, and the leader is woken', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, queued('1'));
    await submit(contract, queued('2'));
    await contract.pass(7);
    const heard = await listen(contract);
    expect(await settle(contract, settlement('1', 'executed'))).toEqual(['settled']);
    const now = START + 7;
    expect(await heard()).toEqual([
      expect.objectContaining({ type: 'job_executed' }),
      event('job_submitted', 2, now, of('2')),
      String(now),
    ]);
    expect(await states(contract, '1', '2')).toEqual([null, 'queued']);
    expect(await contract.store.terms.due(1)).toMatchObject({ outboxAt: now });
    // Run 2 has the instance: the next run waits again.
    expect(await submit(contract, queued('3'))).toBe('waiting');
  });

  test('a waiting run counts for no instance', async () => {
    const contract = await open();
    const two = { maxInstances: 2 };
    for (const runId of ['1', '2']) expect(await submit(contract, queued(runId, two))).toBe('submitted');
    expect(await submit(contract, queued('3', two))).toBe('waiting');
    expect(await submit(contract, queued('4', { maxInstances: 3 }))).toBe('submitted');
    expect(await states(contract, '3')).toEqual(['waiting']);
  });

  test('a waiting run keeps the limit of its own submission', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    for (const runId of ['1', '2']) await running(contract, epoch, queued(runId, { maxInstances: 2 }));
    await submit(contract, queued('3', { maxInstances: 1 }));
    await settle(contract, settlement('1', 'executed'));
    expect(await states(contract, '3')).toEqual(['waiting']);
    await settle(contract, settlement('2', 'executed'));
    expect(await states(contract, '3')).toEqual(['queued']);
  });

  test('with the limit raised, a new run goes at once, and the waiting one when there is room for it', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, queued('1'));
    await submit(contract, queued('2'));
    await running(contract, epoch, queued('3', { maxInstances: 2 }));
    await settle(contract, settlement('1', 'executed'));
    expect(await states(contract, '2')).toEqual(['waiting']);
    await settle(contract, settlement('3', 'executed'));
    expect(await states(contract, '2')).toEqual(['queued']);
  });

  test('one that would be skipped does not touch the one that waits', async () => {
    const contract = await open();
    await submit(contract, queued('1'));
    await submit(contract, queued('2'));
    expect(await submit(contract, newRun('3', 'a'))).toBe('max_instances');
    expect(await states(contract, '2', '3')).toEqual(['waiting', null]);
  });

  test('each job has a waiting run of its own, whatever its id', async () => {
    const contract = await open();
    for (const jobId of ['a', '__proto__', 'x:y "z"']) {
      for (const place of ['first', 'second']) {
        await submit(contract, { ...queued(`${place}-${jobId.length}`), jobId });
      }
    }
    expect(await states(contract, 'second-1', 'second-9', 'second-7')).toEqual(['waiting', 'waiting', 'waiting']);
  });

  test('a call that is repeated is answered alike, and supersedes nothing', async () => {
    const contract = await open();
    await submit(contract, queued('1'));
    const call = { op: op(), run: queued('2') };
    const heard = await listen(contract);
    for (let time = 0; time < 2; time++) expect(await contract.store.records.submit(call)).toBe('waiting');
    expect(await heard()).toEqual([]);
    expect(await states(contract, '2')).toEqual(['waiting']);
  });
});
