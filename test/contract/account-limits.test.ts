import { expect, it } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { electAndRaise, keptOf } from '../support/contract-account.js';
import { adding, at, changing, op, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';

const DAY = 86_400_000;

/** The JSON of a job with limits of its own. */
const limited = (entries: number, ageMs: number, before = {}) =>
  JSON.stringify({ ...before, account: { entries, ageMs }, task: 'ping' });

/** Adds a job with this JSON. */
async function add(contract: TestedStore, id: string, json: string): Promise<void> {
  const added = adding(id, at(START));
  await put(contract, { ...added, record: added.record && { ...added.record, json } });
}

/** Changes a job this many times. The default JSON sets no limits. */
async function change(contract: TestedStore, id: string, times: number, json = '{"task":"ping"}'): Promise<void> {
  for (let time = 0; time < times; time++) {
    const { jobs } = await contract.store.records.read([id]);
    const record = { pending: 'kept', newGeneration: false, json } as const;
    const rev = jobs[0]?.rev ?? 0;
    await put(contract, { ...changing(id, { rev, dueAt: 'any' }, record), account: '{"what":"modified"}' });
  }
}

async function remove(contract: TestedStore, id: string): Promise<void> {
  const { jobs } = await contract.store.records.read([id]);
  const rev = jobs[0]?.rev ?? 0;
  await put(contract, { ...changing(id, { rev, dueAt: 'any' }, null), account: '{}' });
}

/** Shows the leader of a term with these limits. */
async function show(contract: TestedStore, epoch: number, limits: { entries: number; ageMs: number } | null) {
  const lock = await contract.backend.election(contract.store.alias, 600_000).acquire();
  const emptied = { type: 'jobstore_emptied', about: { jobStore: 'default' } } as const;
  const showing = { coordinatorId: 'c', aliveMs: 3_000, number: 2, leads: 1, born: null, emptied };
  await contract.store.contenders.show({ ...showing, epoch, account: limits });
  await lock?.release();
}

jobStoreContract('the limits of the account of a job', (open) => {
  it.each([{}, { metrics: true }])(
    'hold from the change that says them, until one says none (behind %j)',
    async (before) => {
      const contract = await open();
      await electAndRaise(contract);
      const counts = async () => {
        const accounts = ['a', 'other'].map(async (id) => (await keptOf(contract, id)).length);
        return Promise.all(accounts);
      };
      await add(contract, 'a', limited(4, DAY, before));
      await put(contract, adding('other', at(START)));
      await change(contract, 'other', 6);
      await change(contract, 'a', 6, limited(4, DAY, before));
      expect(await counts()).toEqual([4, 6]);
      await change(contract, 'a', 3, limited(6, DAY, before));
      expect((await counts())[0]).toBe(6);
      await change(contract, 'a', 5);
      expect((await counts())[0]).toBe(10);
      // The limits in the job's own JSON hold, whatever the limits of the others are.
      await show(contract, (await electAndRaise(contract)) ?? 0, { entries: 3, ageMs: DAY });
      await change(contract, 'a', 3, limited(5, DAY, before));
      await change(contract, 'other', 1);
      expect(await counts()).toEqual([5, 3]);
      await show(contract, (await electAndRaise(contract)) ?? 0, null);
      await change(contract, 'other', 2);
      expect((await counts())[1]).toBe(5);
    },
  );

  it('are also those of its age, and go with what is kept of it once it is gone', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await add(contract, 'a', limited(100, 10 * DAY));
    await add(contract, 'b', '{"task":"ping"}');
    await change(contract, 'a', 1, limited(100, 10 * DAY));
    await contract.pass(11 * DAY);
    const { from } = await contract.store.records.account('a');
    expect(from).toBe(START + DAY);
    expect((await contract.store.records.account('b')).from).toBe(START);
    await remove(contract, 'a');
    expect((await contract.store.records.account('a')).entries.at(-1)).toMatch(/^d/);
    expect((await contract.store.records.account('a')).from).toBe(START + DAY);
    // A new job with this id that sets no limits has none of the old ones.
    await contract.pass(DAY);
    await add(contract, 'a', '{"task":"ping"}');
    expect((await contract.store.records.account('a')).from).toBe(START);
    expect(epoch).toBe(START);
  });

  it('of jobs that only a leader says are those of the leader', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await put(contract, adding('a', at(START)));
    await change(contract, 'a', 6);
    for (const [who, kept] of [
      [epoch - 1, 7],
      [epoch, 2],
    ] as const) {
      await show(contract, who, { entries: 2, ageMs: 5 * DAY });
      await change(contract, 'a', 1);
      expect((await contract.store.records.account('a')).entries).toHaveLength(kept);
    }
    await contract.pass(20 * DAY);
    expect((await contract.store.records.account('a')).from).toBe(START + 15 * DAY);
    expect((await contract.store.records.storeAccount({ limit: 1, cursor: null })).from).toBe(START + 15 * DAY);
  });

  it('are there again when a job is back from quarantine', async () => {
    const contract = await open();
    const epoch = await electAndRaise(contract);
    await add(contract, 'a', limited(5, 7 * DAY));
    const { jobs } = await contract.store.records.read(['a']);
    const event = { type: 'job_quarantined', about: { jobStore: 'default' } } as const;
    const bad = { id: 'a', dueAt: START, rev: jobs[0]?.rev ?? 0, why: 'why', event };
    await contract.store.terms.quarantineJobs({ epoch, jobs: [bad] });
    await contract.pass(200 * DAY);
    await put(contract, adding('b', at(START)));
    await remove(contract, 'b');
    const back = {
      op: op(),
      name: 'a',
      id: 'a',
      event: { type: 'job_added', about: { jobStore: 'default' } },
    } as const;
    expect(await contract.store.records.restoreJob(back)).toBe('restored');
    await change(contract, 'a', 9, limited(5, 7 * DAY));
    expect((await contract.store.records.account('a')).entries).toHaveLength(5);
    expect((await contract.store.records.account('a')).from).toBe(START + 193 * DAY);
  });
});

it('nothing stays of the limits of jobs that are gone and forgotten', async () => {
  const { contract, client, keys } = openAlone();
  await electAndRaise(contract);
  for (const id of ['a', 'b', 'c', 'd']) await add(contract, id, limited(100, DAY));
  await change(contract, 'd', 1);
  expect(await client.hkeys(keys.accountsLimits)).toEqual(['a', 'b', 'c']);
  for (const id of ['a', 'b', 'd']) await remove(contract, id);
  // Job a now looks as if it was removed more than 90 days ago.
  await client.zadd(keys.accountsGone, START - 90 * DAY - 1, 'a');
  expect(await client.hkeys(keys.accountsLimits)).toEqual(['a', 'b', 'c']);
  await remove(contract, 'c');
  expect(await client.hkeys(keys.accountsLimits)).toEqual(['b', 'c']);
  // A key of another type in their place does not stop changes of jobs.
  await client.del(keys.accountsLimits);
  await client.set(keys.accountsLimits, 'text');
  await add(contract, 'e', limited(7, DAY));
  expect(await client.hget(keys.accountsLimits, 'e')).toBe(`7 ${DAY}`);
});
