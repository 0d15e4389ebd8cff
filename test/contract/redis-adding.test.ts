import { expect, test } from 'vitest';
import { START } from '../support/contract.js';
import { adding, at, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';

type Alone = ReturnType<typeof openAlone>;

/** Reasons why a job cannot be added by the few commands of the usual case. */
const UNUSUAL: Record<string, ((store: Alone) => Promise<unknown>) | undefined> = {
  nothing: undefined,
  'a counter of events that is not a number': ({ client, keys }) => client.hset(keys.seq, 'job_added', 'x'),
  'a counter of changes that is not a number': ({ client, keys }) => client.set(keys.rev, 'x'),
  'a counter of changes that is too large': ({ client, keys }) => client.set(keys.rev, '99999999999999'),
  'a job of this id that is held': ({ client, keys }) => client.zadd(`${keys.base}held`, START + 5_000, 'a'),
  'limits of accounts': ({ client, keys }) => client.hset(`${keys.base}accounts:limits`, 'a', '5 1000'),
  'a list of gone jobs of another type': ({ client, keys }) => client.set(`${keys.base}accounts:gone`, 'x'),
};

test.each(Object.keys(UNUSUAL))('one job is added where there is %s', async (what) => {
  const store = openAlone();
  const { contract, client, keys } = store;
  await UNUSUAL[what]?.(store);
  await put(contract, adding('a', at(START)));
  const [job] = (await contract.store.records.read(['a'])).jobs;
  expect(job).toMatchObject({ id: 'a', pending: at(START), generation: (job as { rev: number }).rev });
  const [[, entry] = []] = await client.xrange(keys.log, '-', '+');
  expect(JSON.parse(entry?.[1] ?? '')).toMatchObject({ type: 'job_added', at: START });
  expect(await client.hget(keys.seq, 'job_added')).toBe(String(JSON.parse(entry?.[1] ?? '').seq));
  expect(await client.zscore(`${keys.base}held`, 'a')).toBe(null);
  expect(await client.hget(`${keys.base}accounts:limits`, 'a')).toBe(null);
  expect(await client.zscore(`${keys.base}accounts:gone`, 'a').catch(() => 'another type')).toBe(null);
});

test('where the log is of another type no job is added, and the error names it', async () => {
  const { contract, client, keys } = openAlone();
  await client.set(keys.log, 'x');
  await expect(put(contract, adding('a', at(START)))).rejects.toThrow(`key ${keys.log} holds a string`);
  expect(await client.exists(keys.jobs, keys.schedule, keys.seq)).toBe(0);
  await client.del(keys.log);
  await put(contract, adding('a', at(START)));
});

test('where the counter of changes is of another type, nothing is written, one job or many', async () => {
  const { contract, client, keys } = openAlone();
  await client.lpush(keys.rev, 'x');
  await client.zadd(`${keys.base}accounts:gone`, START, 'a');
  for (const ids of [['a'], ['a', 'b']]) {
    // A job that is held is not added by the few commands.
    if (ids.length > 1) await client.zadd(`${keys.base}held`, START + 5_000, 'b');
    await expect(put(contract, ...ids.map((id) => adding(id, at(START))))).rejects.toThrow(
      `key ${keys.rev} holds a list`,
    );
    expect(await client.exists(keys.jobs, keys.schedule, keys.seq, keys.log)).toBe(0);
    expect(await client.zscore(`${keys.base}accounts:gone`, 'a')).toBe(String(START));
    expect(await client.zcard(`${keys.base}held`)).toBe(ids.length - 1);
  }
});

test('many jobs are added, or none of them, and get revisions in their order', async () => {
  const { contract, client, keys } = openAlone();
  await client.set(keys.format, '3 1');
  const ids = Array.from({ length: 450 }, (_, index) => `job-${index}`);
  await put(contract, ...ids.map((id) => adding(id, at(START))));
  const revs = (await contract.store.records.read(ids)).jobs.map((job) => job?.rev);
  expect(revs).toEqual(ids.map((_, index) => index + 1));
  expect((await client.xrange(keys.log, '-', '+')).length).toBe(3);
  const changes = [adding('new', at(START)), adding('job-7', at(START))];
  expect(await contract.store.records.put({ op: 'op', readAt: START, changes })).toEqual({ status: 'changed' });
  expect(await client.hexists(keys.jobs, 'new')).toBe(0);
});
