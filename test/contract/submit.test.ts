import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { adding, deliverAll, elect, event, listen, newRun, op, put, startedRun } from '../support/contract-records.js';
import { cancel, firesAt, settle, settlement, start, states, submit } from '../support/contract-runs.js';

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
    const ask = (runId: string, jobId: string | null, maxInstances: number) =>
      contract.store.records.submit({ op: op(), run: newRun(runId, jobId, { maxInstances }) });
    expect(await ask('1', 'a', 2)).toBe('submitted');
    expect(await ask('2', 'a', 2)).toBe('submitted');
    await heard();
    expect(await ask('3', 'a', 2)).toBe('max_instances');
    expect(await heard()).toEqual([event('job_max_instances', 1, START, { jobId: 'a', runId: '3', coalesced: null })]);
    expect(await ask('3', 'a', 3)).toBe('submitted');
    expect(await ask('4', null, 0)).toBe('submitted');
    expect(await ask('5', '__proto__', 1)).toBe('submitted');
    expect(await ask('6', '__proto__', 1)).toBe('max_instances');
  });

  test('a run of no job is not delivered before it is due, and the leader is woken for then', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const [due, later] = [START + 1_000, START + 3_000];
    await submit(contract, newRun('late', null, { fires: firesAt(later) }));
    await submit(contract, newRun('soon', null, { fires: firesAt(due) }));
    await submit(contract, newRun('past', null, { fires: firesAt(START - 5) }));
    expect((await heard()).filter((one) => typeof one === 'string')).toEqual([later, due, START].map(String));
    expect(await records.runs(['late', 'soon', 'past'])).toMatchObject([
      { live: { state: 'scheduled', notBefore: later } },
      { live: { state: 'scheduled', notBefore: due } },
      { live: { state: 'queued', notBefore: null } },
    ]);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['past']);
    expect(await terms.due(1)).toMatchObject({ outboxAt: due });
    await contract.pass(999);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual([]);
    await contract.pass(1);
    expect(await states(contract, 'late', 'soon')).toEqual(['scheduled', 'queued']);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['soon']);
    expect(await cancel(contract, 'late')).toEqual(['cancelled']);
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
  });

  test('its grace counts from the instant that it was asked for; a retry is never reported as scheduled', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const runs = ['late', 'right'].map((id) => newRun(id, null, { fires: firesAt(START + 1_000), graceMs: 10 }));
    for (const run of runs) await submit(contract, run);
    await contract.pass(1_010);
    const deliveries = await deliverAll(contract, epoch);
    expect(await start(contract, 'right', deliveries.get('right') ?? '')).toMatchObject({ status: 'started' });
    await contract.pass(1);
    expect(await start(contract, 'late', deliveries.get('late') ?? '')).toEqual({ status: 'ended', runId: 'late' });
    await settle(contract, settlement('right', 'retry'));
    expect(await states(contract, 'right')).toEqual(['retrying']);
  });

  test('a call that is repeated long after its time was read, with or without the first answer, enters nothing', async () => {
    const contract = await open();
    const { now, store } = contract;
    const call = { op: op(), run: newRun('r', null), readAt: now };
    expect(await store.records.submit(call)).toBe('submitted');
    await contract.pass(10_000);
    const late = { op: op(), run: newRun('s', null), readAt: now };
    expect(await store.records.submit(late)).toBe('submitted');
    await contract.pass(1);
    const heard = await listen(contract);
    expect(await store.records.submit(call)).toBe('submitted');
    expect(await store.records.submit({ ...call, op: op() })).toBe('stale');
    expect(await store.records.submit({ ...call, run: newRun('t', null), op: op() })).toBe('stale');
    expect(await heard()).toEqual([]);
    expect(await states(contract, 'r', 't')).toEqual(['queued', null]);
  });

  test('while the window of a key is open, the run that opened it is answered, also once it has ended', async () => {
    const contract = await open();
    const { records } = contract.store;
    const ask = (runId: string, key: string, jobId: string | null = null) =>
      records.submit({ op: op(), run: newRun(runId, jobId), dedupe: { key, forMs: 1_000 } });
    expect(await ask('1', 'k')).toBe('submitted');
    const heard = await listen(contract);
    expect(await ask('2', 'k')).toEqual({ duplicateOf: '1' });
    expect(await heard()).toEqual([]);
    expect(await ask('3', 'k ')).toBe('submitted');
    expect(await ask('4', '__proto__')).toBe('submitted');
    expect(await cancel(contract, '1')).toEqual(['cancelled']);
    await contract.pass(999);
    expect(await ask('5', 'k')).toEqual({ duplicateOf: '1' });
    expect(await states(contract, '2', '5')).toEqual([null, null]);
    await contract.pass(1);
    expect(await ask('6', 'k')).toBe('submitted');
    expect(await ask('7', 'k')).toEqual({ duplicateOf: '6' });
    expect(await submit(contract, newRun('8', null))).toBe('submitted');
  });

  test('a window is opened by what is entered only', async () => {
    const contract = await open();
    const { records } = contract.store;
    const ask = (runId: string, jobId: string | null) =>
      records.submit({ op: op(), run: newRun(runId, jobId), dedupe: { key: 'k', forMs: 1_000 } });
    await submit(contract, newRun('1', 'a'));
    expect(await ask('2', 'a')).toBe('max_instances');
    expect(await ask('3', null)).toBe('submitted');
  });

  test('a call under a key that is repeated, its reply lost, returns the same, also while others ask', async () => {
    const contract = await open();
    const { records } = contract.store;
    const call = (runId: string) => ({ op: op(), run: newRun(runId, null), dedupe: { key: 'k', forMs: 10 } });
    const [first, other, third] = [call('1'), call('2'), call('3')];
    expect(await records.submit(first)).toBe('submitted');
    expect(await records.submit(other)).toEqual({ duplicateOf: '1' });
    await contract.pass(10);
    expect(await records.submit(third)).toBe('submitted');
    expect(await records.submit(first)).toBe('submitted');
    expect(await records.submit(other)).toEqual({ duplicateOf: '1' });
    expect(await states(contract, '1', '2', '3')).toEqual(['queued', null, 'queued']);
  });

  test('a run that another program took out of the outbox is not delivered before it is due for that', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await submit(contract, newRun('r', null, { fires: firesAt(START + 1_000) }));
    await contract.store.terms.restoreRuns({ epoch, runIds: ['r'] });
    expect(await states(contract, 'r')).toEqual(['scheduled']);
  });

  test('a call that is repeated returns the same and reports nothing more', async () => {
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
