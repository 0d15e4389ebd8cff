import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { elect, event, listen, newRun } from '../support/contract-records.js';
import { cancel, running, settle, settlement, states, submit } from '../support/contract-runs.js';

const replacing = (runId: string, more = {}) => newRun(runId, 'a', { overlap: 'replace', ...more });
const of = (runId: string) => ({ jobId: 'a', runId, coalesced: null });
const reported = (runId: string) => ({ jobId: 'a', runId, executionId: `${runId}.0`, scheduledRunTime: 1_000 });

jobStoreContract('overlap replace', (open) => {
  test('the oldest run ends at once where no worker has started it, and the new one takes its place', async () => {
    const contract = await open();
    expect(await submit(contract, replacing('1'))).toBe('submitted');
    const heard = await listen(contract);
    expect(await submit(contract, replacing('2'))).toBe('waiting');
    expect(await heard()).toEqual([
      event('job_cancelled', 1, START, reported('1')),
      event('job_submitted', 2, START, of('2')),
      String(START),
    ]);
    expect(await states(contract, '1', '2')).toEqual([null, 'queued']);
  });

  test('a running one is to be cancelled by its worker; the new one waits until it has ended', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, replacing('1'));
    const heard = await listen(contract);
    expect(await submit(contract, replacing('2'))).toBe('waiting');
    expect(await heard()).toEqual(['cancel 1']);
    expect(await states(contract, '1', '2')).toEqual(['running', 'waiting']);
    await settle(contract, settlement('1', 'cancelled'));
    expect(await heard()).toMatchObject([
      { type: 'job_cancelled', ...reported('1') },
      { type: 'job_submitted', ...of('2') },
      String(START),
    ]);
    expect(await states(contract, '1', '2')).toEqual([null, 'queued']);
  });

  test('while one is being cancelled no other is; the newest one waits', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2 };
    for (const runId of ['1', '2']) await running(contract, epoch, replacing(runId, two));
    await submit(contract, replacing('3', two));
    const heard = await listen(contract);
    expect(await submit(contract, replacing('4', two))).toBe('waiting');
    expect(await heard()).toEqual([event('job_max_instances', 1, START, of('3'))]);
    expect(await states(contract, '1', '2', '3', '4')).toEqual(['running', 'running', null, 'waiting']);
    const [first, second] = await contract.store.records.runs(['1', '2']);
    expect([first?.live?.run.cancelled, second?.live?.run.cancelled]).toEqual([true, false]);
  });

  test('one that was cancelled otherwise is enough', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2 };
    for (const runId of ['1', '2']) await running(contract, epoch, replacing(runId, two));
    await cancel(contract, '2');
    const heard = await listen(contract);
    await submit(contract, replacing('3', two));
    expect(await heard()).toEqual([]);
  });

  test('the oldest is who was admitted first and, where that is equal, whose id is the lesser', async () => {
    const contract = await open();
    const three = { maxInstances: 3 };
    await contract.pass(1);
    for (const runId of ['c', 'b']) await submit(contract, replacing(runId, three));
    await contract.pass(1);
    await submit(contract, replacing('a', three));
    const heard = await listen(contract);
    for (const runId of ['4', '5', '6']) {
      await contract.pass(1);
      await submit(contract, replacing(runId, three));
    }
    const cancelled = (await heard()).filter((one) => typeof one === 'object' && one.type === 'job_cancelled');
    expect(cancelled).toMatchObject([{ runId: 'b' }, { runId: 'c' }, { runId: 'a' }]);
  });

  test('of a waiting run, the age begins with its promotion', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2, overlap: 'queue' };
    for (const runId of ['1', '2']) await running(contract, epoch, replacing(runId, two));
    await submit(contract, replacing('3', two));
    await settle(contract, settlement('1', 'executed'));
    const heard = await listen(contract);
    await submit(contract, replacing('4', { maxInstances: 2 }));
    expect(await heard()).toEqual(['cancel 2']);
  });

  test('runs that were admitted while the job skipped are not cancelled: the new one waits for them', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a'));
    const heard = await listen(contract);
    expect(await submit(contract, replacing('2'))).toBe('waiting');
    expect(await heard()).toEqual([]);
    await settle(contract, settlement('1', 'executed'));
    expect(await states(contract, '2')).toEqual(['queued']);
  });

  test('one that cannot be read is passed over', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2 };
    for (const runId of ['1', '2']) await running(contract, epoch, replacing(runId, two));
    await contract.damage('run', '1');
    const heard = await listen(contract);
    await submit(contract, replacing('3', two));
    expect(await heard()).toEqual(['cancel 2']);
  });
});
