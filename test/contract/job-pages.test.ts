import { InvalidJobError } from '@carillon/core';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, put } from '../support/contract-records.js';

/** All pages, as lists of ids. */
async function pages({ store }: TestedStore, limit: number): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await store.records.list({ limit, cursor });
    expect(page.now).toBe(START);
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    found.push(page.jobs.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

jobStoreContract('pages of jobs', (open) => {
  test('an empty store has one empty page', async () => {
    expect(await pages(await open(), 10)).toEqual([[]]);
  });

  test('scheduled jobs come by due instant and, where that is equal, by the bytes of their ids', async () => {
    const contract = await open();
    const ids = ['b', 'a', 'B', '10', '9', 'é', '🕰️', '\uff5e', 'z'];
    await put(
      contract,
      ...ids.map((id) => adding(id, at(START + 5))),
      adding('last', at(START + 6)),
      adding('first', at(START - 1)),
    );
    const inOrder = ['first', '10', '9', 'B', 'a', 'b', 'z', 'é', '\uff5e', '🕰️', 'last'];
    for (const limit of [1, 2, 3, 11, 12])
      expect((await pages(contract, limit)).flat(), `by ${limit}`).toEqual(inOrder);
  });

  for (const [scheduled, paused, limit] of [
    [0, 7, 3],
    [5, 7, 3],
    [6, 6, 3],
    [3, 700, 50],
    [40, 1, 1],
    [600, 600, 97],
  ] as const) {
    test(`${scheduled} scheduled and ${paused} paused ones, by ${limit}: each once, paused ones last`, async () => {
      const contract = await open();
      const [due, waiting] = [numbered(scheduled, 's'), numbered(paused, 'p')];
      await put(
        contract,
        ...waiting.map((id) => adding(id, null)),
        ...due.map((id, index) => adding(id, at(START + index))),
      );
      const found = (await pages(contract, limit)).flat();
      expect(found.slice(0, scheduled)).toEqual(due);
      expect(found.slice(scheduled).sort()).toEqual(waiting.sort());
    });
  }

  test('jobs that stay where they are come once, though the one that a page ended with goes', async () => {
    const contract = await open();
    const ids = numbered(9, 'j');
    await put(contract, ...ids.map((id, index) => adding(id, at(START + index))));
    const { records } = contract.store;
    const first = await records.list({ limit: 3, cursor: null });
    await put(contract, changing('j2', { rev: 3, dueAt: START + 2 }, null), adding('x', at(START - 5)));
    const second = await records.list({ limit: 3, cursor: first.cursor });
    expect(second.jobs.map(({ id }) => id)).toEqual(['j3', 'j4', 'j5']);
    await put(contract, changing('j5', { rev: 6, dueAt: START + 5 }, { pending: at(START + 100) }));
    const third = await records.list({ limit: 3, cursor: second.cursor });
    expect(third.jobs.map(({ id }) => id)).toEqual(['j6', 'j7', 'j8']);
  });

  test('a cursor that no page gave is refused', async () => {
    const { store } = await open();
    for (const cursor of ['', 'x', 'e30', Buffer.from('["paused","a","0"]').toString('base64url')]) {
      await expect(store.records.list({ limit: 1, cursor })).rejects.toThrow(InvalidJobError);
    }
  });
});
