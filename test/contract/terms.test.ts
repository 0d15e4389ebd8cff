import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { adding, at, deliver, elect, event, listen, newRun, put } from '../support/contract-records.js';

jobStoreContract('terms', (open) => {
  test('a term begins only for who holds the lock, and is told with its epoch', async () => {
    const { backend, store, ...contract } = await open();
    const heard = await listen({ backend, store });
    const elected = '"jobStore":"default","coordinatorId":"c"';
    expect(await store.terms.beginTerm({ lock: 'nobody', elected })).toBeNull();
    const lock = await backend.election('default', 60_000).acquire();
    expect(await store.terms.beginTerm({ lock: 'another', elected })).toBeNull();
    const epoch = await store.terms.beginTerm({ lock: lock?.value ?? '', elected });
    expect(epoch).toBe(START);
    expect(await heard()).toEqual([event('leader_elected', 1, START, { coordinatorId: 'c', epoch })]);
    expect(await store.terms.beginTerm({ lock: lock?.value ?? '', elected })).toBe(START + 1);
    await lock?.release();
    expect(await store.terms.beginTerm({ lock: lock?.value ?? '', elected })).toBeNull();
    expect(contract.now).toBe(START);
  });

  test('an epoch follows the time, and never falls behind', async () => {
    const contract = await open();
    expect([await elect(contract), await elect(contract), await elect(contract)]).toEqual([
      START,
      START + 1,
      START + 2,
    ]);
    await contract.pass(5_000);
    expect(await elect(contract)).toBe(START + 5_000);
  });

  test.each([
    [null, 'leader'],
    ['b', 'heir b'],
  ])('who hands over says so once, and who is to lead (%s)', async (heir, woken) => {
    const contract = await open();
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const lost = { type: 'leader_lost', body: '"jobStore":"default","epoch":1' };
    // Repeated after a lost reply.
    for (let time = 0; time < 2; time++) await contract.store.terms.endTerm({ epoch, lost, heir });
    expect(await heard()).toEqual([event('leader_lost', 1, START, { epoch: 1 }), woken]);
    await contract.pass(1);
    await contract.store.terms.endTerm({ epoch: await elect(contract), lost, heir });
    expect(await heard()).toMatchObject([{ type: 'leader_elected' }, { type: 'leader_lost', seq: 2 }, woken]);
  });

  test('every write of a term that is over is refused, and writes nothing', async () => {
    const contract = await open();
    const { terms } = contract.store;
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', null));
    await deliver(contract, epoch, newRun('waiting', null));
    const run = { runId: 'r', deliveryId, executor: 'default' };
    await elect(contract);
    const heard = await listen(contract);
    const before = await terms.due(10);
    const claim = {
      id: 'a',
      expected: { rev: 1, dueAt: START },
      next: null,
      tombstone: null,
      run: null,
      deliveryId: null,
    };
    const none = { missed: null, removed: null };
    const event = { type: 'job_quarantined', body: '"jobStore":"default"' } as const;
    const job = { id: 'a', dueAt: START, rev: 1, why: 'why', event };
    for (const old of [epoch, epoch - 1, epoch + 2]) {
      const answers = await Promise.all([
        terms.claim({ epoch: old, claims: [{ ...claim, events: none }] }),
        terms.claim({ epoch: old, claims: [] }),
        terms.deliver({ epoch: old, runs: [run] }),
        terms.delivered({ epoch: old, runs: [run] }),
        terms.refuse({ epoch: old, run, error: '{}' }),
        terms.reap({ epoch: old, suspect: run, leaseMs: 100 }),
        terms.quarantineJobs({ epoch: old, jobs: [job] }),
        terms.quarantineRuns({ epoch: old, runs: [job] }),
        terms.loseWorkers({ epoch: old, silentMs: 0 }),
      ]);
      expect(answers).toEqual(answers.map(() => ({ status: 'over' })));
    }
    expect(await terms.due(10)).toEqual(before);
    expect(await heard()).toEqual([]);
  });

  test('before any term there is none', async () => {
    const { store } = await open();
    expect(await store.terms.claim({ epoch: 0, claims: [] })).toEqual({ status: 'over' });
  });
});
