import { expect, it } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, deliver, deliverPage, elect, newRun, put } from '../support/contract-records.js';
import { running, settle, settlement, submit } from '../support/contract-runs.js';

const event = { type: 'job_quarantined', about: { jobStore: 'default' } } as const;
const startOf = (runId: string, deliveryId: string) => ({
  ...{ deliveryId, runIds: [runId], token: 't', workerId: 'w', leaseMs: 1_000, maxWorkerLosses: 3 },
});

/** Counts of jobs, of runs that are owed or wait for delivery, and of quarantined records. */
async function countsOf({ store }: TestedStore) {
  const { runs, outbox, quarantine, jobs } = (await store.records.inspect({ runs: 9, quarantined: 9 })).counts;
  return { jobs, runs, outbox, quarantine };
}

jobStoreContract('records of a newer release', (open) => {
  it('jobs that are due are passed over, keep no other from firing, and are reported', async () => {
    const contract = await open();
    const { terms } = contract.store;
    await put(contract, ...['n1', 'n2', 'n3', 'n4', 'n5'].map((id, i) => adding(id, at(START - 100 + i))));
    await put(contract, adding('a', at(START - 3)), adding('b', at(START - 2)), adding('later', at(START + 50)));
    for (const id of ['n1', 'n2', 'n3', 'n4', 'n5']) await contract.damage('newer job', id);
    const page = await terms.due(2);
    expect(page.jobs.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    expect([...page.newer].sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    const whole = await terms.due(9);
    expect(whole.jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect([...whole.newer].sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(whole.nextDueAt).toBe(START + 50);
    expect((await terms.due(1)).jobs.map(({ id }) => id)).toEqual(['a']);
  });

  it('a job of one is neither claimed nor quarantined, and a reader gets why it cannot be read', async () => {
    const contract = await open();
    const { records, terms } = contract.store;
    const epoch = await elect(contract);
    await put(contract, adding('a', at(START)));
    await contract.damage('newer job', 'a');
    const claim = { id: 'a', expected: { rev: 1, dueAt: START }, next: at(START + 9), tombstone: null };
    const none = { run: null, deliveryId: null, events: { missed: null, removed: null } };
    expect(await terms.claim({ epoch, claims: [{ ...claim, ...none }] })).toMatchObject({ value: ['skipped'] });
    const [read] = (await records.read(['a'])).jobs;
    expect(read).toMatchObject({ newer: true, why: expect.stringContaining('a newer release wrote it') });
    await terms.quarantineJobs({ epoch, jobs: [{ id: 'a', dueAt: START, rev: null, why: 'x', event }] });
    expect(await countsOf(contract)).toMatchObject({ jobs: 1, quarantine: 0 });
  });

  it('a run whose state one wrote stays in the outbox, and takes no place there', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    for (const runId of ['n1', 'n2', 'n3', 'r1', 'r2', 'r3']) await submit(contract, newRun(runId, null));
    for (const runId of ['n1', 'n2', 'n3']) await contract.damage('newer run', runId);
    const page = await contract.store.terms.outbox(2);
    expect(page.unreadable).toEqual([]);
    expect(page.runs.map(({ runId }) => runId)).toEqual(['r1', 'r2']);
    expect(await contract.store.terms.outbox(9)).toMatchObject({ newer: ['n1', 'n2', 'n3'], unreadable: [] });
    await deliverPage(contract.store.terms, { epoch, limit: 9, nonce: 'x' });
    await contract.store.terms.quarantineRuns({ epoch, runs: [{ id: 'n1', why: 'x', event }] });
    expect(await countsOf(contract)).toEqual({ jobs: 0, runs: 6, outbox: 6, quarantine: 0 });
  });

  it('a delivery of a run whose state one wrote is dropped, and the run stays as it is', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', null));
    await contract.damage('newer run', 'r');
    const { ledger, terms, records } = contract.store;
    expect(await ledger.start(startOf('r', deliveryId))).toEqual([{ status: 'newer', runId: 'r' }]);
    await ledger.handBack({ held: [{ runId: 'r', token: deliveryId }] });
    await terms.refuse({
      epoch,
      runId: 'r',
      deliveryId,
      error: { name: 'Error', message: 'no' },
    });
    expect(await records.cancel({ op: 'c', runIds: ['r'] })).toEqual(['unknown']);
    expect(await terms.suspects({ limit: 9, cursor: '0' })).toMatchObject({ suspects: [], strays: [], unreadable: [] });
    expect(await countsOf(contract)).toEqual({ jobs: 0, runs: 1, outbox: 0, quarantine: 0 });
  });

  it('a run whose body one wrote is started, reported as such, and can be handed back', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', null));
    await contract.damage('newer body', 'r');
    const { ledger } = contract.store;
    expect(await ledger.start(startOf('r', deliveryId))).toMatchObject([
      { status: 'started', run: { runId: 'r', newer: true, payload: '' } },
    ]);
    await ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    expect(await countsOf(contract)).toMatchObject({ runs: 1, outbox: 1, quarantine: 0 });
  });

  it('where live runs are counted again, those that one wrote keep their instances', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const ofJob = (runId: string) => newRun(runId, 'a', { maxInstances: 2 });
    await running(contract, epoch, ofJob('1'));
    await submit(contract, ofJob('2'));
    await submit(contract, newRun('x', 'b'));
    await contract.damage('newer run', '2');
    await contract.damage('run', 'x');
    await contract.store.terms.quarantineRuns({ epoch, runs: [{ id: 'x', why: 'x', event }] });
    expect(await submit(contract, ofJob('3'))).toBe('max_instances');
    await settle(contract, settlement('1', 'executed'));
    expect(await submit(contract, ofJob('4'))).toBe('submitted');
  });

  it('a waiting run that one wrote waits on', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const ofJob = (runId: string) => newRun(runId, 'a', { overlap: 'queue' });
    await running(contract, epoch, ofJob('1'));
    await submit(contract, ofJob('2'));
    await contract.damage('newer run', '2');
    await settle(contract, settlement('1', 'executed'));
    expect(await countsOf(contract)).toMatchObject({ runs: 1, outbox: 0, quarantine: 0 });
  });

  it('no run takes the place of a waiting run that one wrote', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    for (const overlap of ['queue', 'replace'] as const) {
      const ofJob = (number: number) => newRun(`${overlap}-${number}`, overlap, { overlap });
      await running(contract, epoch, ofJob(1));
      await submit(contract, ofJob(2));
      await contract.damage('newer run', `${overlap}-2`);
      expect(await submit(contract, ofJob(3))).toBe('max_instances');
    }
    expect(await countsOf(contract)).toMatchObject({ runs: 4, outbox: 0, quarantine: 0 });
  });
});
