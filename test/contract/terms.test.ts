import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import { adding, at, deliver, deliveryOf, elect, event, listen, newRun, put } from '../support/contract-records.js';

jobStoreContract('terms', (open) => {
  test('a term begins only for the holder of the lock, and is reported with its epoch', async () => {
    const { backend, store, ...contract } = await open();
    const heard = await listen({ backend, store });
    expect(await store.terms.beginTerm({ lock: 'nobody', coordinatorId: 'c' })).toBeNull();
    const lock = await backend.election('default', 60_000).acquire();
    expect(await store.terms.beginTerm({ lock: 'another', coordinatorId: 'c' })).toBeNull();
    const epoch = await store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' });
    expect(epoch).toBe(START);
    expect(await heard()).toEqual([event('leader_elected', 1, START, { coordinatorId: 'c', epoch })]);
    expect(await store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' })).toBe(START + 1);
    await lock?.release();
    expect(await store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' })).toBeNull();
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
    const lost = { type: 'leader_lost', about: { jobStore: 'default', epoch: 1 } };
    // The call is repeated after a lost reply.
    for (let time = 0; time < 2; time++) await contract.store.terms.endTerm({ epoch, lost, heir });
    expect(await heard()).toEqual([event('leader_lost', 1, START, { epoch: 1 }), woken]);
    await contract.pass(1);
    await contract.store.terms.endTerm({ epoch: await elect(contract), lost, heir });
    expect(await heard()).toMatchObject([{ type: 'leader_elected' }, { type: 'leader_lost', seq: 2 }, woken]);
  });

  test('a term that ended silently is known by when its leader showed itself last', async () => {
    const contract = await open();
    const { contenders, terms } = contract.store;
    const election = contract.backend.election('default', 60_000);
    const emptied = { type: 'jobstore_emptied', about: { jobStore: 'default', coordinatorId: 'c' } } as const;
    const show = (epoch: number | null) =>
      contenders.show({ coordinatorId: 'c', aliveMs: 9_000, number: 1, leads: 0, epoch, born: null, emptied });
    const heard = await listen(contract);
    const begin = async () => {
      const lock = await election.acquire();
      const epoch = (await terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' })) ?? 0;
      const [reported] = (await heard()) as readonly { readonly formerAliveUntil?: number }[];
      return { epoch, kill: () => lock?.release(), former: reported?.formerAliveUntil ?? null };
    };
    const first = await begin();
    expect(first.former).toBeNull();
    await contract.pass(700);
    await show(null);
    await show(first.epoch - 1);
    await first.kill();
    // The first leader was last seen to lead as it was elected.
    const second = await begin();
    expect(second.former).toBe(START);
    await contract.pass(300);
    await show(second.epoch);
    await contract.pass(400);
    await second.kill();
    // Without the lock, it no longer leads.
    await show(second.epoch);
    const third = await begin();
    expect(third.former).toBe(START + 1_000);
    await contract.pass(50);
    await show(third.epoch);
    // A leader that publishes its end too late, or again after a lost reply, says nothing of the present leader.
    const lost = (epoch: number) =>
      terms.endTerm({
        epoch,
        lost: { type: 'leader_lost', about: { jobStore: 'default', epoch } },
        heir: null,
      });
    await lost(second.epoch);
    await third.kill();
    await heard();
    const fourth = await begin();
    expect(fourth.former).toBe(START + 1_450);
    await lost(fourth.epoch);
    await fourth.kill();
    await heard();
    expect((await begin()).former).toBeNull();
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
    const event = { type: 'job_quarantined', about: { jobStore: 'default' } } as const;
    const job = { id: 'a', dueAt: START, rev: 1, why: 'why', event };
    for (const old of [epoch, epoch - 1, epoch + 2]) {
      const answers = await Promise.all([
        terms.claim({ epoch: old, claims: [{ ...claim, events: none }] }),
        terms.claim({ epoch: old, claims: [] }),
        terms.assign({ epoch: old, deliveries: [deliveryOf(run)] }),
        terms.confirmQueued({ epoch: old, deliveries: [deliveryOf(run)] }),
        terms.refuse({ epoch: old, ...run, error: { name: 'Error', message: 'no' } }),
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
