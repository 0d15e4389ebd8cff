import type { Showing } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { event, listen } from '../support/contract-records.js';

const emptied = { type: 'jobstore_emptied', about: { jobStore: 'default', coordinatorId: 'c' } };

const showing = (coordinatorId: string, more: Partial<Showing> = {}): Showing => ({
  ...{ coordinatorId, aliveMs: 2_000, number: 1, leads: 0, epoch: null, born: null, emptied },
  ...more,
});

/** Shows a contender. Returns all that it learns of, by id. */
async function show({ store }: TestedStore, ...shown: Parameters<typeof showing>) {
  const { coordinators } = await store.contenders.show(showing(...shown));
  return coordinators.toSorted((one, other) => (one.coordinatorId < other.coordinatorId ? -1 : 1));
}

jobStoreContract('the contenders of a job store', (open) => {
  test('learn of each other, and of what each showed last', async () => {
    const contract = await open();
    const a = { coordinatorId: 'a', number: 1, leads: 0, isLeader: false };
    expect(await show(contract, 'a')).toEqual([a]);
    const b = { coordinatorId: 'b', number: 7, leads: 3, isLeader: false };
    expect(await show(contract, 'b', { number: 7, leads: 3 })).toEqual([a, b]);
    expect(await show(contract, 'a', { number: 2, leads: 1 })).toEqual([{ ...a, number: 2, leads: 1 }, b]);
  });

  test('find out that the store was emptied: the first of them publishes it', async () => {
    const contract = await open();
    const heard = await listen(contract);
    const { contenders } = contract.store;
    // This contender saw a store before that is gone: the present one is new.
    const first = await contenders.show(showing('a', { born: 'before' }));
    expect(await heard()).toEqual([event('jobstore_emptied', 1, START, { coordinatorId: 'c' })]);
    expect(await contenders.show(showing('b', { born: 'before' }))).toMatchObject({ born: first.born });
    expect(await contenders.show(showing('c'))).toMatchObject({ born: first.born });
    expect(await contenders.show(showing('a', { born: first.born }))).toMatchObject({ born: first.born });
    expect(await heard()).toEqual([]);
    // A new store that no contender saw before is just new.
    const other = await open();
    const heardThere = await listen(other);
    await other.store.contenders.show(showing('a'));
    expect(await heardThere()).toEqual([]);
  });

  test('are forgotten when they have been silent for too long, or left', async () => {
    const contract = await open();
    await show(contract, 'short', { aliveMs: 500 });
    await show(contract, 'long', { aliveMs: 5_000 });
    await contract.pass(499);
    const ids = async () => (await show(contract, 'a')).map(({ coordinatorId }) => coordinatorId);
    expect(await ids()).toEqual(['a', 'long', 'short']);
    await contract.pass(1);
    expect(await ids()).toEqual(['a', 'long']);
    await contract.store.contenders.leave('long');
    await contract.store.contenders.leave('nobody');
    expect(await ids()).toEqual(['a']);
    await contract.store.contenders.leave('a');
    expect(await ids()).toEqual(['a']);
  });

  test('know who leads: the one that showed the last epoch, while the lock is held', async () => {
    const contract = await open();
    const leaders = async () =>
      (await show(contract, 'z')).filter(({ isLeader }) => isLeader).map(({ coordinatorId }) => coordinatorId);
    await show(contract, 'a', { epoch: START });
    expect(await leaders()).toEqual([]);
    const lock = await contract.backend.election('default', 60_000).acquire();
    expect(await leaders()).toEqual([]);
    const begin = () => contract.store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' });
    expect(await begin()).toBe(START);
    expect(await leaders()).toEqual(['a']);
    // The next term has begun, and no contender has shown it yet.
    const epoch = await begin();
    expect(await leaders()).toEqual([]);
    await show(contract, 'b', { epoch, leads: 1 });
    expect(await leaders()).toEqual(['b']);
    await lock?.release();
    expect(await leaders()).toEqual([]);
  });
});
