import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, deliver, deliverAll, elect, event, listen, newRun, put } from '../support/contract-records.js';
import { cancel, LEASE_MS, running, settle, settlement, start, states, submit } from '../support/contract-runs.js';

const queued = (runId: string, more = {}) => newRun(runId, 'a', { overlap: 'queue', ...more });

/** Ways in which a run that was delivered gives its instance back. */
const WAYS: Record<string, (contract: TestedStore, epoch: number, deliveryId: string) => Promise<unknown>> = {
  executed: async (contract, _, deliveryId) => {
    await start(contract, 'r', deliveryId);
    await settle(contract, settlement('r', 'executed'));
  },
  'ended by an error': async (contract, _, deliveryId) => {
    await start(contract, 'r', deliveryId);
    await settle(contract, settlement('r', 'error'));
  },
  'cancelled by its worker': async (contract, _, deliveryId) => {
    await start(contract, 'r', deliveryId);
    await settle(contract, settlement('r', 'cancelled'));
  },
  'cancelled before it started': (contract) => cancel(contract, 'r'),
  'cancelled while it was put off': async (contract, _, deliveryId) => {
    await start(contract, 'r', deliveryId);
    await settle(contract, settlement('r', 'retry'));
    await cancel(contract, 'r');
  },
  'refused by its queue': ({ store }, epoch, deliveryId) =>
    store.terms.refuse({
      epoch,
      runId: 'r',
      deliveryId,
      error: { name: 'Error', message: 'no' },
    }),
  'lost with its workers': async (contract, _, deliveryId) => {
    for (const token of ['1', '2', '3']) await start(contract, 'r', deliveryId, token);
  },
  missed: async (contract, _, deliveryId) => {
    await contract.pass(1);
    await start(contract, 'r', deliveryId);
  },
  'found cancelled at its next start': async (contract, _, deliveryId) => {
    await start(contract, 'r', deliveryId, '1');
    await cancel(contract, 'r');
    await start(contract, 'r', deliveryId, '2');
  },
};

jobStoreContract('promotion of a waiting run', (open) => {
  for (const [how, free] of Object.entries(WAYS)) {
    test(`when the run before it is ${how}`, async () => {
      const contract = await open();
      const epoch = await elect(contract);
      const fires = [{ fireTime: START, dueAt: START }];
      const deliveryId = await deliver(contract, epoch, queued('r', { fires, graceMs: how === 'missed' ? 0 : null }));
      await submit(contract, queued('next'));
      const heard = await listen(contract);
      await free(contract, epoch, deliveryId);
      expect(await states(contract, 'r', 'next')).toEqual([null, 'queued']);
      const submitted = { jobId: 'a', runId: 'next', coalesced: null };
      expect((await heard()).slice(-2)).toEqual([
        event('job_submitted', 2, contract.now, submitted),
        String(contract.now),
      ]);
    });
  }

  test('not when a run is only reaped, handed back or put off', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await running(contract, epoch, queued('r'));
    await submit(contract, queued('next'));
    await contract.pass(LEASE_MS);
    await contract.store.terms.reap({ epoch, suspect: { runId: 'r', deliveryId, executor: 'default' }, leaseMs: 1 });
    expect(await states(contract, 'r', 'next')).toEqual(['queued', 'waiting']);
    const redeliver = async () => (await deliverAll(contract, epoch)).get('r') ?? '';
    await start(contract, 'r', await redeliver(), 'u');
    await contract.store.ledger.handBack({ held: [{ runId: 'r', token: 'u' }] });
    expect(await states(contract, 'r', 'next')).toEqual(['queued', 'waiting']);
    await start(contract, 'r', await redeliver(), 'v');
    await settle(contract, settlement('r', 'retry', { token: 'v' }));
    expect(await states(contract, 'r', 'next')).toEqual(['retrying', 'waiting']);
  });

  test('not when a run has fire times left', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const fires = [1_000, 2_000].map((fireTime) => ({ fireTime, dueAt: fireTime }));
    await running(contract, epoch, queued('r', { fires }));
    await submit(contract, queued('next'));
    await settle(contract, settlement('r', 'executed'));
    expect(await states(contract, 'next')).toEqual(['waiting']);
    await settle(contract, settlement('r', 'executed', { index: 1 }));
    expect(await states(contract, 'next')).toEqual(['queued']);
  });

  test('by claim and by submission alike, and though the job is gone', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    await running(contract, epoch, queued('r'));
    const claim = { id: 'a', expected: { rev: 1, dueAt: START }, next: null, tombstone: null, deliveryId: null };
    const events = { missed: null, removed: { type: 'job_removed', about: { jobStore: 'default' } } };
    const heard = await listen(contract);
    await contract.store.terms.claim({ epoch, claims: [{ ...claim, run: queued('last'), events }] });
    expect(await heard()).toEqual([event('job_removed', 1, START, {})]);
    expect(await states(contract, 'last')).toEqual(['waiting']);
    await settle(contract, settlement('r', 'executed'));
    expect(await states(contract, 'last')).toEqual(['queued']);
  });

  test('one that cannot be read makes room, and the leader finds it in the outbox', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const epoch = await elect(contract);
    await running(contract, epoch, queued('r'));
    await submit(contract, queued('bad'));
    await contract.damage('run', 'bad');
    await settle(contract, settlement('r', 'executed'));
    expect(await terms.outbox(9)).toEqual({ runs: [], unreadable: ['bad'], newer: [] });
    expect(await submit(contract, queued('next'))).toBe('submitted');
  });
});
