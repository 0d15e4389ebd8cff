import { expect, test } from 'vitest';
import { AccountReader } from '../../../../packages/core/src/account/read/account-reader.js';
import type { JobAccount, JobRecords } from '../../../../packages/core/src/ports/job-records.js';

const NOTHING = { now: 0, from: 0, paused: false, job: null, entries: [], instances: 0, runIds: [] };

function readerOf(accounts: (ids: readonly string[]) => Promise<readonly JobAccount[]>) {
  const asked: (readonly string[])[] = [];
  const records = {
    accounts: ({ ids }: { readonly ids: readonly string[] }) => {
      asked.push(ids);
      return accounts(ids);
    },
  };
  return { asked, reader: new AccountReader(records as unknown as JobRecords) };
}

test('accounts of many jobs are read in their order, however many are read at once, and the next ones meanwhile', async () => {
  const { asked, reader } = readerOf(async (ids) => ids.slice(0, 2).map(() => NOTHING));
  const seen: [string, number][] = [];
  for await (const { id } of reader.jobs(['a', 'b', 'c', 'd', 'e'])) seen.push([id, asked.length]);
  expect(asked).toEqual([['a', 'b', 'c', 'd', 'e'], ['c', 'd', 'e'], ['e']]);
  expect(seen).toEqual([
    ['a', 2],
    ['b', 2],
    ['c', 3],
    ['d', 3],
    ['e', 3],
  ]);
  for await (const one of reader.jobs([])) expect(one).toBeUndefined();
  expect(asked).toHaveLength(3);
});

test('accounts that cannot be read reject once they are asked for', async () => {
  let calls = 0;
  const { reader } = readerOf(async () => {
    calls += 1;
    if (calls === 2) throw new Error('as planned');
    return [NOTHING];
  });
  const jobs = reader.jobs(['a', 'b']);
  expect((await jobs.next()).value).toMatchObject({ id: 'a' });
  await expect(jobs.next()).rejects.toThrow('as planned');
});
