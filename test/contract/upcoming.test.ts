import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, put } from '../support/contract-records.js';

interface Asked {
  readonly after?: { readonly dueAt: number; readonly id: string } | null;
  readonly limit?: number;
  readonly withinMs?: number;
}

/** The ids of a page, and its last place if others are due. */
async function read({ store }: TestedStore, { after = null, limit = 10, withinMs = 1_000 }: Asked = {}) {
  const { jobs, last } = await store.terms.upcoming({ withinMs, after, limit });
  return { ids: jobs.map(({ id }) => id), last };
}

jobStoreContract('jobs that are due soon', (open) => {
  test('those that are due after now, up to the given time, the first due ones first', async () => {
    const contract = await open();
    const instants = { later: 1_001, soon: 1_000, now: 0, sooner: 1, past: -1 };
    await put(contract, ...Object.entries(instants).map(([id, ms]) => adding(id, at(START + ms))));
    expect(await read(contract)).toEqual({ ids: ['sooner', 'soon'], last: null });
    await put(contract, changing('sooner', { rev: 4, dueAt: START + 1 }, null));
    expect(await read(contract)).toEqual({ ids: ['soon'], last: null });
    await contract.pass(1);
    expect(await read(contract)).toEqual({ ids: ['soon', 'later'], last: null });
  });

  test('each has its record, its fire time and its due instant', async () => {
    const contract = await open();
    await put(contract, adding('jittered', at(START + 20, START + 10)));
    const { now, jobs } = await contract.store.terms.upcoming({ withinMs: 20, after: null, limit: 1 });
    expect(now).toBe(START);
    expect(jobs).toMatchObject([
      { id: 'jittered', rev: 1, json: '{"of":"jittered"}', pending: { dueAt: START + 20, fireTime: START + 10 } },
    ]);
  });

  test('page by page each is read once, also those of one instant', async () => {
    const contract = await open();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await put(contract, ...ids.map((id, index) => adding(id, at(START + (index < 4 ? 5 : 6)))));
    await put(contract, adding('beyond', at(START + 1_001)));
    const first = await read(contract, { limit: 2 });
    expect(first).toEqual({ ids: ['a', 'b'], last: { dueAt: START + 5, id: 'b' } });
    const second = await read(contract, { limit: 2, after: first.last });
    expect(second).toEqual({ ids: ['c', 'd'], last: { dueAt: START + 5, id: 'd' } });
    expect(await read(contract, { limit: 1, after: second.last })).toEqual({ ids: ['e'], last: null });
    expect(await read(contract, { limit: 5 })).toEqual({ ids, last: null });
  });

  test('if the last job of a page has moved, the next page begins with the first job of that instant', async () => {
    const contract = await open();
    await put(contract, ...['a', 'b', 'c'].map((id) => adding(id, at(START + 5))));
    const { last } = await read(contract, { limit: 2 });
    await put(contract, changing('b', { rev: 2, dueAt: START + 5 }, { pending: at(START + 7) }));
    expect(await read(contract, { after: last })).toEqual({ ids: ['a', 'c', 'b'], last: null });
    expect(await read(contract, { after: { dueAt: START + 6, id: '' } })).toEqual({ ids: ['b'], last: null });
  });

  test('none while the store is paused', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START + 5)));
    const setPaused = (paused: boolean) =>
      contract.store.records.setPaused({
        paused,
        event: { type: paused ? 'scheduler_paused' : 'scheduler_resumed', about: { jobStore: 'default' } },
      });
    await setPaused(true);
    expect(await read(contract)).toEqual({ ids: [], last: null });
    await setPaused(false);
    expect(await read(contract)).toEqual({ ids: ['a'], last: null });
  });

  test('one that cannot be read is among them with the reason, and one that a newer release wrote is not', async () => {
    const contract = await open();
    await put(contract, ...['a', 'b', 'c'].map((id, index) => adding(id, at(START + 5 + index))));
    await contract.damage('job', 'a');
    await contract.damage('newer job', 'b');
    const { jobs, last } = await contract.store.terms.upcoming({ withinMs: 1_000, after: null, limit: 2 });
    expect(jobs).toMatchObject([{ id: 'a', why: expect.any(String) }]);
    expect(last).toEqual({ dueAt: START + 6, id: 'b' });
    expect(await read(contract, { after: last })).toEqual({ ids: ['c'], last: null });
  });

  test('records of about 4 MiB end a page', async () => {
    const contract = await open();
    const json = JSON.stringify('x'.repeat(1.5 * 2 ** 20));
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      const small = adding(id, at(START + index + 1));
      await put(contract, { ...small, record: small.record && { ...small.record, json } });
    }
    const { ids, last } = await read(contract);
    expect({ ids, last }).toEqual({ ids: ['a', 'b', 'c'], last: { dueAt: START + 3, id: 'c' } });
    expect(await read(contract, { after: last })).toEqual({ ids: ['d'], last: null });
  });
});
