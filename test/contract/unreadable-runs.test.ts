import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import {
  deliver,
  deliverAll,
  deliverPage,
  deliveryOf,
  elect,
  event,
  listen,
  newRun,
} from '../support/contract-records.js';
import { LEASE_MS, running, settle, settlement, states, submit } from '../support/contract-runs.js';

const suspects = ({ store }: TestedStore) => store.terms.suspects({ limit: 100, cursor: '0' });

const damaged = (id: string) => {
  return { id, why: 'why', event: { type: 'job_quarantined', about: { jobStore: 'default', id } } } as const;
};
const quarantine = ({ store }: TestedStore, epoch: number, id: string) =>
  store.terms.quarantineRuns({ epoch, runs: [damaged(id)] });

/** How many entries there are. */
const counts = async ({ store }: TestedStore) => (await store.records.inspect({ runs: 0, quarantined: 0 })).counts;

jobStoreContract('runs that cannot be read', (open) => {
  test('are found where they are: started and overdue, delivered, waiting', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('started', 'a', { overlap: 'queue' }));
    await deliver(contract, epoch, newRun('delivered', null));
    await submit(contract, newRun('waiting', 'a', { overlap: 'queue' }));
    await submit(contract, newRun('outbox', null));
    for (const runId of ['started', 'delivered', 'waiting', 'outbox']) await contract.damage('run', runId);
    const found = async () => [...(await suspects(contract)).unreadable].sort();
    expect(await found()).toEqual(['delivered', 'waiting']);
    await contract.pass(LEASE_MS);
    expect(await found()).toEqual(['delivered', 'started', 'waiting']);
    expect((await suspects(contract)).suspects).toEqual([]);
    expect(await contract.store.terms.outbox(9)).toMatchObject({ unreadable: ['outbox'] });
  });

  test('are quarantined from anywhere, once, with whatever of them was elsewhere', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('started', null));
    await contract.store.ledger.progress([{ runId: 'started', token: 't', json: '1' }]);
    await deliver(contract, epoch, newRun('delivered', null));
    await submit(contract, newRun('outbox', null));
    const heard = await listen(contract);
    for (const [index, id] of ['started', 'delivered', 'outbox'].entries()) {
      await contract.damage('run', id);
      for (let time = 0; time < 2; time++) {
        expect(await quarantine(contract, epoch, id)).toEqual({ status: 'done', value: null });
      }
      expect(await heard()).toEqual([event('job_quarantined', index + 1, START, { id })]);
    }
    expect(await counts(contract)).toMatchObject({ runs: 0, outbox: 0, leases: 0, quarantine: 3 });
    await submit(contract, newRun('started', null));
    expect(await contract.store.records.runs(['started'])).toMatchObject([{ live: { progress: null } }]);
  });

  test('one that can be read is left alone, and so is what is not there', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('started', 'a', { overlap: 'queue' }));
    await submit(contract, newRun('waiting', 'a', { overlap: 'queue' }));
    await submit(contract, newRun('outbox', null));
    const heard = await listen(contract);
    const before = await counts(contract);
    const runs = ['started', 'waiting', 'outbox', 'none'].map(damaged);
    expect(await contract.store.terms.quarantineRuns({ epoch, runs })).toEqual({ status: 'done', value: null });
    expect(await heard()).toEqual([]);
    expect(await counts(contract)).toEqual(before);
  });

  test('give their instances back: all are counted again', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2, overlap: 'skip' } as const;
    for (const runId of ['1', '2']) await running(contract, epoch, newRun(runId, 'a', two));
    await submit(contract, newRun('3', 'b'));
    await contract.damage('run', '1');
    expect(await submit(contract, newRun('4', 'a', two))).toBe('max_instances');
    await quarantine(contract, epoch, '1');
    expect(await submit(contract, newRun('4', 'a', two))).toBe('submitted');
    expect(await submit(contract, newRun('5', 'a', two))).toBe('max_instances');
    expect(await submit(contract, newRun('6', 'b'))).toBe('max_instances');
  });

  test('are counted for no job, those too that are not quarantined yet', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const two = { maxInstances: 2 };
    for (const runId of ['1', '2']) await running(contract, epoch, newRun(runId, 'a', two));
    for (const runId of ['1', '2']) await contract.damage('run', runId);
    await quarantine(contract, epoch, '1');
    for (const runId of ['3', '4']) expect(await submit(contract, newRun(runId, 'a', two))).toBe('submitted');
    await quarantine(contract, epoch, '2');
    expect(await submit(contract, newRun('5', 'a', two))).toBe('max_instances');
  });

  test('stay in the outbox, though their delivery was queued', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const epoch = await elect(contract);
    await submit(contract, newRun('r', null));
    const { runs } = await deliverPage(terms, { epoch, limit: 9, nonce: 'n' });
    await contract.damage('run', 'r');
    await terms.confirmQueued({ epoch, deliveries: runs.map(deliveryOf) });
    expect(await terms.outbox(9)).toMatchObject({ unreadable: ['r'] });
  });

  test('give their instances to those that wait, which themselves count for none', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const queued = { overlap: 'queue', maxInstances: 2 } as const;
    for (const runId of ['1', '2']) await running(contract, epoch, newRun(runId, 'a', queued));
    await submit(contract, newRun('3', 'a', queued));
    await running(contract, epoch, newRun('other', 'b', { overlap: 'queue' }));
    await submit(contract, newRun('next', 'b', { overlap: 'queue' }));
    await contract.damage('run', '1');
    const heard = await listen(contract);
    await quarantine(contract, epoch, '1');
    expect(await heard()).toMatchObject([
      { type: 'job_quarantined', id: '1' },
      { type: 'job_submitted', runId: '3' },
      String(START),
    ]);
    expect(await states(contract, '3', 'next')).toEqual(['queued', 'waiting']);
    await settle(contract, settlement('2', 'executed'));
    expect(await submit(contract, newRun('4', 'a', queued))).toBe('submitted');
    expect(await submit(contract, newRun('5', 'a', queued))).toBe('waiting');
  });

  test('those that wait for the instances of several jobs get them in the order of the ids of the jobs', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const jobs = ['b', 'é', '\u{1f600}', '\uffee', 'a'];
    for (const job of jobs) {
      await submit(contract, newRun(`${job} 1`, job, { overlap: 'queue' }));
      await submit(contract, newRun(`${job} 2`, job, { overlap: 'queue' }));
      await contract.damage('run', `${job} 1`);
    }
    const heard = await listen(contract);
    await contract.store.terms.quarantineRuns({ epoch, runs: jobs.map((job) => damaged(`${job} 1`)) });
    const submitted = (await heard()).filter(
      (message) => typeof message === 'object' && message.type === 'job_submitted',
    );
    expect(submitted).toMatchObject(['a', 'b', 'é', '\uffee', '\u{1f600}'].map((jobId) => ({ jobId })));
  });

  test('one that waited is quarantined once, and no run waits for it', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', { overlap: 'queue' }));
    await submit(contract, newRun('2', 'a', { overlap: 'queue' }));
    await contract.damage('run', '2');
    const heard = await listen(contract);
    await quarantine(contract, epoch, '2');
    expect(await heard()).toEqual([event('job_quarantined', 1, START, { id: '2' })]);
    await settle(contract, settlement('1', 'executed'));
    expect(await contract.store.terms.outbox(9)).toEqual({ runs: [], unreadable: [], newer: [] });
    await submit(contract, newRun('3', 'a', { overlap: 'queue' }));
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['3']);
  });

  test('a new run takes the place of one that waits and cannot be read', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', { overlap: 'queue' }));
    await submit(contract, newRun('2', 'a', { overlap: 'queue' }));
    await contract.damage('run', '2');
    const heard = await listen(contract);
    expect(await submit(contract, newRun('3', 'a', { overlap: 'queue' }))).toBe('waiting');
    expect(await heard()).toEqual([String(START)]);
    expect(await contract.store.terms.outbox(9)).toMatchObject({ unreadable: ['2'] });
    await settle(contract, settlement('1', 'executed'));
    expect(await states(contract, '3')).toEqual(['queued']);
  });
});
