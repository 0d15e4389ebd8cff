import { once } from 'node:events';
import type { Claim } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, elect, newRun, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';

const IDS = ['a', 'b', 'c'];

/** Adds due jobs, and reads them until their leader knows them. Returns its epoch. */
async function known(contract: TestedStore): Promise<number> {
  await put(contract, ...IDS.map((id, index) => adding(id, at(START - 30 + index))));
  const epoch = await elect(contract);
  for (let times = 0; times < 3; times++) await jsonsOf(contract);
  return epoch;
}

/** The JSON of each job on a page of due jobs, or 'unreadable'. */
async function jsonsOf({ store }: TestedStore): Promise<Record<string, string>> {
  const { jobs } = await store.terms.due(10);
  return Object.fromEntries(jobs.map((job) => [job.id, 'why' in job ? 'unreadable' : job.json]));
}

function claimOf(id: string, rev: number, dueAt: number, next: number | null = dueAt + 1_000): Claim {
  const removed = next === null ? { type: 'job_removed', about: { jobStore: 'default' } } : null;
  return {
    ...{ id, expected: { rev, dueAt }, next: next === null ? null : at(next), tombstone: null, deliveryId: null },
    ...{ run: newRun(`run-of-${id}-${dueAt}`, id, { maxInstances: 9 }), events: { missed: null, removed } },
  };
}

const read = (id: string) => JSON.stringify({ of: id });

jobStoreContract('jobs that their leader knows', (open) => {
  test('a change of one is seen with the next page, and the others are what they were', async () => {
    const contract = await open();
    await known(contract);
    expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: read('b'), c: read('c') });
    await put(contract, changing('b', { rev: 2, dueAt: START - 29 }, { pending: at(START - 29), json: '"changed"' }));
    for (let times = 0; times < 3; times++) {
      expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: '"changed"', c: read('c') });
    }
    await put(contract, changing('c', { rev: 3, dueAt: START - 28 }, null), adding('d', at(START - 5)));
    expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: '"changed"', d: read('d') });
  });

  test('of a page that was read before one of them was changed, the others are claimed', async () => {
    const contract = await open();
    const epoch = await known(contract);
    await put(contract, changing('b', { rev: 2, dueAt: START - 29 }, { pending: at(START - 29) }));
    const claims = IDS.map((id, index) => claimOf(id, index + 1, START - 30 + index));
    expect(await contract.store.terms.claim({ epoch, claims })).toMatchObject({
      value: ['submitted', 'skipped', 'submitted'],
    });
  });

  test('one that is claimed twice fires once, and one that is gone fires no more', async () => {
    const contract = await open();
    const epoch = await known(contract);
    const { terms } = contract.store;
    const claims = [claimOf('a', 1, START - 30), claimOf('b', 2, START - 29, null)];
    expect(await terms.claim({ epoch, claims })).toMatchObject({ value: ['submitted', 'submitted'] });
    expect(await terms.claim({ epoch, claims })).toMatchObject({ value: ['skipped', 'skipped'] });
    expect(await jsonsOf(contract)).toEqual({ c: read('c') });
  });

  test('what another program wrote in place of a record is found within 10 s', async () => {
    const contract = await open();
    await known(contract);
    await contract.damage('job', 'b');
    await contract.pass(10_000);
    expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: 'unreadable', c: read('c') });
  });

  test('what another program wrote is found within a minute while more jobs are due than a page has', async () => {
    const contract = await open();
    await known(contract);
    const ofPage = async () => (await contract.store.terms.due(2)).jobs.map((job) => [job.id, 'why' in job]);
    expect(await ofPage()).toHaveLength(2);
    await contract.damage('job', 'a');
    await contract.pass(60_000);
    expect(await ofPage()).toContainEqual(['a', true]);
  });

  test('of jobs that were read ahead, one that was changed before it is due is what it was changed to, and others are claimed', async () => {
    const contract = await open();
    const { terms } = contract.store;
    await put(contract, ...IDS.map((id, index) => adding(id, at(START + 10 + index))));
    const epoch = await elect(contract);
    expect((await terms.upcoming({ withinMs: 1_000, after: null, limit: 10 })).jobs).toHaveLength(3);
    await contract.pass(12);
    await put(contract, changing('b', { rev: 2, dueAt: START + 11 }, { pending: at(START + 11), json: '"changed"' }));
    for (let times = 0; times < 2; times++)
      expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: '"changed"', c: read('c') });
    const claims = IDS.map((id, index) => claimOf(id, index + 1, START + 10 + index));
    expect(await terms.claim({ epoch, claims })).toMatchObject({ value: ['submitted', 'skipped', 'submitted'] });
  });

  test('those that are due later than others are known by themselves', async () => {
    const contract = await open();
    const epoch = await known(contract);
    const { terms } = contract.store;
    await put(contract, adding('jittered', at(START - 10, START - 15)), adding('late', at(START + 5_000)));
    for (let times = 0; times < 3; times++) await jsonsOf(contract);
    await terms.claim({ epoch, claims: [claimOf('a', 1, START - 30, START + 5_000)] });
    await contract.pass(5_000);
    const { jobs } = await terms.due(10);
    expect(jobs.map(({ id, pending }) => [id, pending])).toEqual([
      ['b', at(START - 29)],
      ['c', at(START - 28)],
      ['jittered', at(START - 10, START - 15)],
      ['a', at(START + 5_000)],
      ['late', at(START + 5_000)],
    ]);
    expect(await jsonsOf(contract)).toMatchObject({ a: read('a'), late: read('late'), jittered: read('jittered') });
  });
});

test('records that a leader knows are not sent, nor looked at, until its next term', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await known(contract);
  await client.hset(keys.jobs, 'b', 'garbage');
  expect(await jsonsOf(contract)).toMatchObject({ b: read('b') });
  const claims = [claimOf('b', 2, START - 29)];
  expect(await contract.store.terms.claim({ epoch, claims })).toMatchObject({ value: ['submitted'] });
  await elect(contract);
  await client.zadd(keys.schedule, START - 29, 'b');
  expect(await jsonsOf(contract)).toMatchObject({ b: 'unreadable' });
});

test('records that were read ahead are not sent, nor looked at, once they are due; of those of a page that has others, all are sent', async () => {
  const { contract, client, keys } = openAlone();
  await put(contract, ...IDS.map((id, index) => adding(id, at(START + 10 + index))));
  const epoch = await elect(contract);
  const { terms } = contract.store;
  await terms.upcoming({ withinMs: 1_000, after: null, limit: 10 });
  const comesDue = (id: string, dueAt: number) => client.zadd(keys.schedule, dueAt, id);
  // The first page sends its records, and shows that all of them are known.
  await comesDue('a', START - 30);
  expect(await jsonsOf(contract)).toEqual({ a: read('a') });
  await client.hset(keys.jobs, 'a', 'garbage', 'b', 'garbage', 'c', 'garbage');
  await comesDue('b', START - 29);
  await comesDue('c', START - 28);
  expect(await jsonsOf(contract)).toEqual({ a: read('a'), b: read('b'), c: read('c') });
  const claims = [claimOf('c', 3, START - 28)];
  expect(await terms.claim({ epoch, claims })).toMatchObject({ value: ['submitted'] });
  await put(contract, adding('d', at(START - 27)));
  expect(await jsonsOf(contract)).toMatchObject({ a: 'unreadable', b: 'unreadable', d: read('d') });
});

test('no record is known after a lost connection: the server that answers then may lack the last changes, and count others', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await known(contract);
  await client.hset(keys.jobs, 'b', 'garbage', 'c', 'garbage');
  expect(await jsonsOf(contract)).toMatchObject({ b: read('b'), c: read('c') });
  const connected = once(client, 'ready');
  client.disconnect(true);
  await connected;
  const claims = [claimOf('b', 2, START - 29)];
  expect(await contract.store.terms.claim({ epoch, claims })).toMatchObject({ value: ['skipped'] });
  expect(await jsonsOf(contract)).toMatchObject({ b: 'unreadable', c: 'unreadable' });
});
