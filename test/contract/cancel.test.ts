import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { deliver, deliverAll, elect, event, listen, newRun, op } from '../support/contract-records.js';
import {
  cancel,
  firesAt,
  LEASE_MS,
  running,
  settle,
  settlement,
  start,
  states,
  submit,
} from '../support/contract-runs.js';

const two = firesAt(1_000, 2_000);
const reported = (index: number) => ({
  jobId: 'a',
  runId: 'r',
  executionId: `r.${index}`,
  scheduledRunTime: two[index]?.fireTime,
});

jobStoreContract('cancelling', (open) => {
  test('a run in the outbox ends at once, reported for each fire time; its instance is free', async () => {
    const contract = await open();
    const { terms } = contract.store;
    await submit(contract, newRun('r', 'a', { fires: two }));
    const heard = await listen(contract);
    expect(await cancel(contract, 'r')).toEqual(['cancelled']);
    expect(await heard()).toEqual([
      event('job_cancelled', 1, START, reported(0)),
      event('job_cancelled', 2, START, reported(1)),
    ]);
    expect(await states(contract, 'r')).toEqual([null]);
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
    expect(await submit(contract, newRun('s', 'a'))).toBe('submitted');
  });

  test('one that was delivered ends at once: its delivery is dropped', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
    expect(await cancel(contract, 'r')).toEqual(['cancelled']);
    expect(await start(contract, 'r', deliveryId)).toEqual({ status: 'dropped', runId: 'r' });
    expect(await contract.store.terms.suspects({ limit: 9, cursor: '0' })).toMatchObject({ suspects: [] });
  });

  test('one that is put off ends at once, reported for the fire times that are left', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a', { fires: two }));
    await settle(contract, settlement('r', 'executed'), settlement('r', 'retry', { index: 1 }));
    const heard = await listen(contract);
    expect(await cancel(contract, 'r')).toEqual(['cancelled']);
    expect(await heard()).toEqual([event('job_cancelled', 1, START, reported(1))]);
    await contract.pass(1_000);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual([]);
  });

  test('one that waits ends at once, and frees no instance', async () => {
    const contract = await open();
    const queued = { overlap: 'queue', fires: two } as const;
    await submit(contract, newRun('before', 'a', queued));
    await submit(contract, newRun('r', 'a', queued));
    const heard = await listen(contract);
    expect(await cancel(contract, 'r')).toEqual(['cancelled']);
    expect(await heard()).toEqual([
      event('job_cancelled', 1, START, reported(0)),
      event('job_cancelled', 2, START, reported(1)),
    ]);
    expect(await submit(contract, newRun('next', 'a', queued))).toBe('waiting');
    expect(await states(contract, 'before', 'r', 'next')).toEqual(['queued', null, 'waiting']);
  });

  test('of one that was started its worker is notified, each time that is asked', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    const heard = await listen(contract);
    for (let time = 0; time < 2; time++) expect(await cancel(contract, 'r')).toEqual(['cancelling']);
    expect(await heard()).toEqual(['cancel r', 'cancel r']);
    expect(await contract.store.records.runs(['r'])).toMatchObject([
      { live: { state: 'running', run: { cancelled: true } } },
    ]);
    expect(await submit(contract, newRun('s', 'a'))).toBe('max_instances');
  });

  test('what is not owed, not any more or cannot be read is unknown', async () => {
    const contract = await open();
    for (const runId of ['gone', 'bad']) await submit(contract, newRun(runId, null));
    await contract.damage('run', 'bad');
    expect(await cancel(contract, 'gone', 'never', 'gone', 'bad')).toEqual([
      'cancelled',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(await cancel(contract)).toEqual([]);
  });

  test('runs without a job are cancelled too, several in one call, in their order', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', null));
    await submit(contract, newRun('2', null));
    const heard = await listen(contract);
    expect(await cancel(contract, '2', '1')).toEqual(['cancelled', 'cancelling']);
    expect(await heard()).toMatchObject([{ type: 'job_cancelled', jobId: null, runId: '2' }, 'cancel 1']);
  });

  test('after a lost worker was found no worker has it: it ends at once', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, newRun('r', 'a'));
    expect(await cancel(contract, 'r')).toEqual(['cancelling']);
    await contract.pass(LEASE_MS);
    await terms.reap({ epoch, suspect: { runId: 'r', deliveryId, executor: 'default' }, leaseMs: 1 });
    expect(await cancel(contract, 'r')).toEqual(['cancelled']);
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
  });

  test('a call that is repeated returns the same and reports nothing more', async () => {
    const contract = await open();
    const { records } = contract.store;
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', null));
    await submit(contract, newRun('2', null));
    const heard = await listen(contract);
    const call = { op: op(), runIds: ['1', '2', 'never'] };
    for (let time = 0; time < 3; time++) {
      expect(await records.cancel(call)).toEqual(['cancelling', 'cancelled', 'unknown']);
    }
    expect(await heard()).toMatchObject(['cancel 1', { type: 'job_cancelled', runId: '2' }]);
    const none = { op: op(), runIds: [] };
    for (let time = 0; time < 2; time++) expect(await records.cancel(none)).toEqual([]);
    expect(await records.cancel({ ...call, op: op() })).toEqual(['cancelling', 'unknown', 'unknown']);
  });
});
