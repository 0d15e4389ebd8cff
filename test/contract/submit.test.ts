import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { adding, deliverAll, elect, event, listen, newRun, op, put, startedRun } from '../support/contract-records.js';

jobStoreContract('runs for now', (open) => {
  test('a run is owed from its submission on, and the leader is woken', async () => {
    const contract = await open();
    const heard = await listen(contract);
    const run = newRun('r', null);
    expect(await contract.store.records.submit({ op: op(), run })).toBe('submitted');
    expect(await heard()).toEqual([
      event('job_submitted', 1, START, { jobId: null, runId: 'r', coalesced: null }),
      String(START),
    ]);
    expect(await contract.store.terms.due(10)).toMatchObject({ outboxAt: START });
    const epoch = await elect(contract);
    const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
    const start = { deliveryId, runIds: ['r'], token: 't', workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 };
    expect(await contract.store.ledger.start(start)).toEqual([{ status: 'started', run: startedRun(run) }]);
  });

  test('a job has no more live runs than it may; a run without a job knows no limit', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const heard = await listen(contract);
    const submit = (runId: string, jobId: string | null, maxInstances: number) =>
      contract.store.records.submit({ op: op(), run: newRun(runId, jobId, { maxInstances }) });
    expect(await submit('1', 'a', 2)).toBe('submitted');
    expect(await submit('2', 'a', 2)).toBe('submitted');
    await heard();
    expect(await submit('3', 'a', 2)).toBe('max_instances');
    expect(await heard()).toEqual([event('job_max_instances', 1, START, { jobId: 'a', runId: '3', coalesced: null })]);
    expect(await submit('3', 'a', 3)).toBe('submitted');
    expect(await submit('4', null, 0)).toBe('submitted');
    expect(await submit('5', '__proto__', 1)).toBe('submitted');
    expect(await submit('6', '__proto__', 1)).toBe('max_instances');
  });

  test('a call that is repeated answers alike and tells nothing more', async () => {
    const contract = await open();
    const heard = await listen(contract);
    const { records } = contract.store;
    const [entered, refused] = ['1', '2'].map((id) => ({ op: op(), run: newRun(id, 'a') }));
    if (!entered || !refused) throw new Error('two calls');
    const answers = [entered, refused, entered, refused].map((call) => records.submit(call));
    expect(await Promise.all(answers)).toEqual(['submitted', 'max_instances', 'submitted', 'max_instances']);
    expect((await heard()).length).toBe(3);
    const epoch = await elect(contract);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['1']);
  });
});
