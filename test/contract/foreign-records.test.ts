import type { DuePlace } from '@carillon/core/internal';
import { describe, expect, test } from 'vitest';
import { START } from '../support/contract.js';
import {
  adding,
  at,
  deliver,
  deliverAll,
  deliverPage,
  elect,
  listen,
  newRun,
  op,
  put,
} from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { LEASE_MS, running, settle, settlement, start, states, submit } from '../support/contract-runs.js';

const quarantined = (id: string) => ({ type: 'job_quarantined', about: { jobStore: 'default', id } }) as const;

/** Quarantines due jobs that cannot be read. Returns the reasons, by id. */
async function quarantineDue({ contract }: ReturnType<typeof openAlone>, epoch: number) {
  const { terms } = contract.store;
  const reported = new Map<string, string>();
  for (const job of (await terms.due(500)).jobs) {
    if (!('why' in job) || !job.pending) continue;
    const { id, rev, why } = job;
    await terms.quarantineJobs({ epoch, jobs: [{ id, rev, why, dueAt: job.pending.dueAt, event: quarantined(id) }] });
    reported.set(id, why);
  }
  return reported;
}

test('a foreign entry in the log is reported as it is, and what comes after it too', async () => {
  const { contract, client, keys } = openAlone();
  const { records } = contract.store;
  const say = (n: number) =>
    records.announce({ op: op(), event: { type: 'job_paused', about: { jobStore: 'default', n } } });
  await say(1);
  await client.xadd(keys.log, '*', 'foreign', 'value');
  await client.xadd(keys.log, '*', 'event', 'x', 'event', 'y');
  await client.xadd(keys.log, '*', 'event', 'no event');
  await say(2);
  const { events } = await records.events({ after: { before: 0 }, limit: 10 });
  const reported = events.map(({ message }) => (message.startsWith('{') ? JSON.parse(message).n : message));
  expect(reported).toEqual([1, '["foreign","value"]', '["event","x","event","y"]', 'no event', 2]);
  expect((await records.events({ after: { id: events[3]?.id ?? '' }, limit: 10 })).events).toEqual([events[4]]);
});

test('a log that takes no more entries is moved away, and everything goes on', async () => {
  const { contract, client, keys } = openAlone();
  await client.xadd(keys.log, '18446744073709551615-18446744073709551615', 'the', 'last');
  const heard = await listen(contract);
  const epoch = await elect(contract);
  await running(contract, epoch, newRun('r', 'a'));
  await settle(contract, settlement('r', 'executed'));
  const types = (await heard()).flatMap((one) => (typeof one === 'string' ? [] : [one.type]));
  expect(types).toEqual(['leader_elected', 'job_submitted', 'job_started', 'job_executed']);
  const [[name, json] = ['', '']] = Object.entries(await client.hgetall(keys.quarantine));
  expect(name).toBe('log');
  const { movedTo } = JSON.parse(json);
  expect(await client.xrange(keys.base + movedTo, '-', '+')).toEqual([
    ['18446744073709551615-18446744073709551615', ['the', 'last']],
  ]);
  expect((await contract.store.records.events({ after: { before: 0 }, limit: 9 })).events.length).toBeGreaterThan(3);
});

test('what is not a count and no list where the log is cut by them is moved away, and the log goes on', async () => {
  const { contract, client, keys } = openAlone();
  await client.set(keys.format, '3 1');
  await client.hset(keys.logCount, 'a', 'hash');
  await client.set(keys.logMarks, 'no list');
  const changes = Array.from({ length: 300 }, (_, index) => adding(`job-${index}`, null));
  await put(contract, ...changes);
  await client.rpush(keys.logMarks, ...Array.from({ length: 500 }, () => 'no id'));
  await put(contract, ...changes.map((change) => ({ ...change, id: `${change.id}-2` })));
  expect((await contract.store.records.events({ after: { before: 0 }, limit: 900 })).events).toHaveLength(600);
  expect(await client.get(keys.logCount)).toBe('600');
  expect(Object.keys(await client.hgetall(keys.quarantine)).sort()).toEqual(['log:count', 'log:marks']);
});

test('what is moved aside twice under one id is kept twice', async () => {
  const alone = openAlone();
  const { contract, client, keys } = alone;
  const epoch = await elect(contract);
  for (const garbage of ['first', 'second', 'third']) {
    await put(contract, adding('a', at(START)));
    await client.hset(keys.jobs, 'a', garbage);
    await quarantineDue(alone, epoch);
  }
  const kept = Object.values(await client.hgetall(keys.quarantine)).map((json) => JSON.parse(json).raw);
  expect(kept.sort()).toEqual(['first', 'second', 'third']);
});

test('of a job that is moved aside, all is kept', async () => {
  const alone = openAlone();
  const { contract, client, keys } = alone;
  const epoch = await elect(contract);
  await put(contract, adding('a', at(START, START - 50)));
  await client.hset(keys.last, 'a', 'executed 1 2 3 4');
  await client.hset(keys.jobs, 'a', 'garbage');
  await quarantineDue(alone, epoch);
  expect(JSON.parse((await client.hget(keys.quarantine, 'a')) ?? '')).toEqual({
    why: 'its header cannot be read',
    at: START,
    raw: 'garbage',
    dueAt: String(START),
    fireTime: String(START - 50),
    last: 'executed 1 2 3 4',
  });
  expect(await client.exists(keys.jobs, keys.schedule, keys.cursor, keys.last)).toBe(0);
});

test.each([
  ['revision', '007 1 digest {}', START, null],
  ['generation', '7 01 digest {}', START, null],
  ['a revision beyond all numbers', '99999999999999999999 1 digest {}', START, null],
  ['half a millisecond', '1 1 digest {}', START - 0.5, null],
  ['no instant of a Date', '1 1 digest {}', '-9e15', null],
  ['a fire time in other words', '1 1 digest {}', START, '1e3'],
  ['a fire time with a zero before it', '1 1 digest {}', START, `0${START}`],
])('a job is moved aside whose claim would never fit: %s', async (_, record, due, fire) => {
  const alone = openAlone();
  const { contract, client, keys } = alone;
  const epoch = await elect(contract);
  await client.hset(keys.jobs, 'a', record);
  await client.zadd(keys.schedule, due, 'a');
  if (fire !== null) await client.hset(keys.cursor, 'a', fire);
  expect([...(await quarantineDue(alone, epoch)).keys()]).toEqual(['a']);
  expect(JSON.parse((await client.hget(keys.quarantine, 'a')) ?? '')).toMatchObject({ raw: record });
  expect(await client.exists(keys.jobs, keys.schedule)).toBe(0);
});

/** Bytes that are not UTF-8, in each possible way, and some that are. */
const NO_TEXT = [
  '80',
  'c328',
  'c080',
  'e08080',
  'eda080',
  'f0808080',
  'f4908080',
  'f8888080',
  '61ff',
  'efbfbd',
  'e282',
];
const TEXT = ['ü', 'क', '한', '\ud7ff', '\ue000', '🕰️', '\u{10ffff}', 'a\uffee'];

test('jobs whose ids are not text are moved aside by their bytes; all others stay', async () => {
  const alone = openAlone();
  const { contract, client, keys } = alone;
  const epoch = await elect(contract);
  await put(contract, ...TEXT.map((id) => adding(id, at(START))));
  for (const hex of NO_TEXT) {
    await client.zadd(keys.schedule, START, Buffer.from(hex, 'hex'));
    await client.hset(keys.jobs, Buffer.from(hex, 'hex'), '1 1 digest {}');
  }
  const listed = await contract.store.records.list({ limit: 100, cursor: null });
  expect(listed.jobs.filter((job) => 'why' in job)).toHaveLength(NO_TEXT.length);
  const reported = await quarantineDue(alone, epoch);
  expect([...reported.keys()].sort()).toEqual(NO_TEXT.map((hex) => `\ufffd${hex}`).sort());
  expect(new Set(reported.values())).toEqual(new Set(['its id is not a text: after the sign, its bytes']));
  expect(Object.keys(await client.hgetall(keys.quarantine)).sort()).toEqual([...reported.keys()].sort());
  expect((await contract.store.terms.due(500)).jobs.map(({ id }) => id).sort()).toEqual([...TEXT].sort());
});

test('a page of jobs that ends at an id that is not a text is followed by the next page', async () => {
  const { contract, client, keys } = openAlone();
  for (const hex of ['80', 'ff']) await client.zadd(keys.schedule, START, Buffer.from(hex, 'hex'));
  const { records } = contract.store;
  const first = await records.list({ limit: 1, cursor: null });
  const second = await records.list({ limit: 1, cursor: first.cursor });
  expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(['\ufffd80', '\ufffdff']);
});

test('a page of jobs that are due soon and that ends at an id that is not a text is followed by the next page', async () => {
  const { contract, client, keys } = openAlone();
  for (const hex of ['80', 'ff']) await client.zadd(keys.schedule, START + 5, Buffer.from(hex, 'hex'));
  const page = (after: DuePlace | null) => contract.store.terms.upcoming({ withinMs: 1_000, after, limit: 1 });
  const first = await page(null);
  const second = await page(first.last);
  expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(['\ufffd80', '\ufffdff']);
  expect(second.last).toBeNull();
});

test('runs whose ids are not text are moved aside by their bytes, wherever they are', async () => {
  const { contract, client, keys } = openAlone();
  const { terms } = contract.store;
  const epoch = await elect(contract);
  await submit(contract, newRun('r', null));
  const record = (await client.hget(keys.runs, 'r')) ?? '';
  for (const hex of ['80', '81', '82']) await client.hset(keys.runs, Buffer.from(hex, 'hex'), record);
  await client.zadd(keys.outbox, START, Buffer.from('80', 'hex'));
  await client.zadd(keys.leases, START, Buffer.from('81', 'hex'));
  const page = await deliverPage(terms, { epoch, limit: 9, nonce: 'n' });
  expect(page).toMatchObject({ runs: [{ runId: 'r' }], unreadable: ['\ufffd80'] });
  const { suspects, unreadable, strays } = await terms.suspects({ limit: 9, cursor: '0' });
  expect({ suspects, strays, unreadable: [...new Set(unreadable)].sort() }).toEqual({
    suspects: [],
    strays: [],
    unreadable: ['\ufffd81', '\ufffd82'],
  });
  const ids = ['\ufffd80', '\ufffd81', '\ufffd82'];
  await terms.quarantineRuns({ epoch, runs: ids.map((id) => ({ id, why: 'why', event: quarantined(id) })) });
  expect(Object.keys(await client.hgetall(keys.quarantine)).sort()).toEqual(ids);
  expect(await client.hkeys(keys.runs)).toEqual(['r']);
  expect(await client.zrange(keys.outbox, 0, -1)).toEqual(['r']);
  expect(await client.exists(keys.leases)).toBe(0);
});

const MAX = '9'.repeat(20);

test.each([
  ['as many settled as there are', (record: string) => record.replace('- 0 0 0 0 -', '- 0 0 0 1 -')],
  ['a count with a zero before it', (record: string) => record.replace('- 0 0 0 0 -', '- 00 0 0 0 -')],
  ['a count beyond all numbers', (record: string) => record.replace('- 0 0 0 0 -', `- 0 ${MAX} 0 0 -`)],
  ['an executor that is not valid', (record: string) => record.replace(' default ', ' a:b ')],
  ['no instance that it may have', (record: string) => record.replace(' 3 skip ', ' 0 skip ')],
  ['a priority that its queue would refuse', (record: string) => record.replace(' default 0 ', ' default 2097152 ')],
  ['a history that is too long', (record: string) => record.replace(' 60000 ', ` ${MAX} `)],
  ['a history that is not a number', (record: string) => record.replace(' 60000 ', ' soon ')],
  ['a fire time that is not an instant', (record: string) => record.replace(/\d+\+\d+/, '8640000000000000+1')],
  ['a label that is not JSON', (record: string) => record.replace('"jobId":"a"', '"jobId:"a"')],
  ['a submission that is not JSON', (record: string) => record.replace('"coalesced":null', 'coalesced:null')],
])('a run with %s is reported as unreadable before it is used', async (_, damage) => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const history = { ageMs: 60_000, perJob: null };
  const deliveryId = await deliver(contract, epoch, newRun('r', 'a', { maxInstances: 3, history }));
  const record = (await client.hget(keys.runs, 'r')) ?? '';
  expect(damage(record)).not.toBe(record);
  await client.hset(keys.runs, 'r', damage(record));
  expect(await start(contract, 'r', deliveryId)).toEqual({ status: 'unreadable', runId: 'r' });
  const { suspects, unreadable } = await contract.store.terms.suspects({ limit: 10, cursor: '0' });
  expect({ suspects, unreadable }).toEqual({ suspects: [], unreadable: ['r'] });
});

/** Copies of the text, each with one bit flipped at another place. */
const turned = (text: string, from: number) =>
  Array.from({ length: text.length - from }, (_, index) => {
    const at = from + index;
    return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
  });

test('one bit that is turned in what never changes of a run is noticed, wherever it is', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const deliveryId = await deliver(contract, epoch, newRun('r', 'a', { maxInstances: 3 }));
  const state = (await client.hget(keys.runs, 'r')) ?? '';
  const body = (await client.hget(keys.bodies, 'r')) ?? '';
  const sum = state.indexOf(' - ', state.indexOf('0 0 0 0')) + 3;
  for (const damaged of turned(state, sum)) {
    await client.hset(keys.runs, 'r', damaged);
    expect(await start(contract, 'r', deliveryId), damaged).toEqual({ status: 'unreadable', runId: 'r' });
  }
  await client.hset(keys.runs, 'r', state);
  for (const damaged of turned(body, 0)) {
    await client.hset(keys.bodies, 'r', damaged);
    expect(await start(contract, 'r', deliveryId), damaged).toMatchObject({ status: 'started', run: { payload: '' } });
  }
  await client.hdel(keys.bodies, 'r');
  expect(await start(contract, 'r', deliveryId)).toMatchObject({ status: 'started', run: { payload: '' } });
  await client.hset(keys.bodies, 'r', body);
  expect(await start(contract, 'r', deliveryId)).toMatchObject({ run: { payload: JSON.stringify({ run: 'r' }) } });
});

test('a lease that never ends is overdue', async () => {
  const { contract, client, keys } = openAlone();
  const { terms } = contract.store;
  const epoch = await elect(contract);
  const deliveryId = await running(contract, epoch, newRun('r', null));
  await client.zadd(keys.leases, '+inf', 'r');
  const suspect = { runId: 'r', deliveryId, executor: 'default' };
  expect(await terms.suspects({ limit: 9, cursor: '0' })).toMatchObject({ suspects: [suspect] });
  expect(await terms.reap({ epoch, suspect, leaseMs: LEASE_MS })).toEqual({ status: 'done', value: 'reaped' });
});

const queued = { overlap: 'queue' } as const;

test('a note of a waiting run that names a run of another job is taken out, and that run is left alone', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  await running(contract, epoch, newRun('1', 'a', queued));
  await running(contract, epoch, newRun('other', 'b', queued));
  await submit(contract, newRun('next', 'b', queued));
  await client.hset(keys.waiting, 'a', 'next');
  await settle(contract, settlement('1', 'executed'));
  expect(await client.hget(keys.instances, 'b')).toBe('1');
  expect(await states(contract, 'other', 'next')).toEqual(['running', 'waiting']);
  expect(JSON.parse((await client.hget(keys.quarantine, 'waiting:a')) ?? '')).toMatchObject({ raw: 'next' });
  expect(await client.hgetall(keys.waiting)).toEqual({ b: 'next' });
});

test('a note of a waiting run that names a run that was let in does not make it wait', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  await deliver(contract, epoch, newRun('1', 'a', queued));
  await client.hset(keys.waiting, 'a', '1');
  expect(await states(contract, '1')).toEqual(['queued']);
  expect(await contract.store.records.cancel({ op: op(), runIds: ['1'] })).toEqual(['cancelled']);
  expect(await client.exists(keys.instances, keys.runs, keys.waiting)).toBe(0);
});

test('a run that was taken out of the outbox comes back to it', async () => {
  const { contract, client, keys } = openAlone();
  const { terms } = contract.store;
  const epoch = await elect(contract);
  await submit(contract, newRun('of a job', 'a', queued));
  await submit(contract, newRun('of none', null));
  await client.del(keys.outbox);
  const { strays } = await terms.suspects({ limit: 9, cursor: '0' });
  expect([...strays].sort()).toEqual(['of a job', 'of none']);
  for (let time = 0; time < 2; time++) {
    expect(await terms.restoreRuns({ epoch, runIds: strays })).toEqual({ status: 'done', value: null });
  }
  expect([...(await deliverAll(contract, epoch)).keys()].sort()).toEqual(['of a job', 'of none']);
  expect(await client.hgetall(keys.instances)).toEqual({ a: '1' });
});

describe('a key of a job or a run that is of another type is moved away, and all goes on', () => {
  test('that of outcomes', async () => {
    const { contract, client, keys } = openAlone();
    const epoch = await elect(contract);
    await client.rpush(`${keys.result}r`, 'foreign');
    await running(contract, epoch, newRun('r', 'a', { history: { ageMs: 60_000, perJob: null } }));
    expect(await contract.store.records.runs(['r'])).toMatchObject([{ live: {}, outcomes: [] }]);
    expect(await settle(contract, settlement('r', 'executed'))).toEqual(['settled']);
    const [reading] = await contract.store.records.runs(['r']);
    expect(reading?.outcomes).toHaveLength(1);
    const { movedTo } = JSON.parse((await client.hget(keys.quarantine, 'result:r')) ?? '');
    expect(await client.lrange(keys.base + movedTo, 0, -1)).toEqual(['foreign']);
    expect(await client.exists(keys.runs, keys.instances)).toBe(0);
  });

  test('that of a history', async () => {
    const { contract, client, keys } = openAlone();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a', { history: { ageMs: 60_000, perJob: 1 } }));
    await client.set(`${keys.history}a`, 'foreign');
    expect(await settle(contract, settlement('r', 'executed'))).toEqual(['settled']);
    expect(await contract.store.records.history({ jobId: 'a', limit: 9 })).toEqual(['r']);
    const { movedTo } = JSON.parse((await client.hget(keys.quarantine, 'history:a')) ?? '');
    expect(await client.get(keys.base + movedTo)).toBe('foreign');
  });

  test('that of live runs', async () => {
    const { contract, client, keys } = openAlone();
    const epoch = await elect(contract);
    const replacing = { overlap: 'replace' } as const;
    await running(contract, epoch, newRun('1', 'a', replacing));
    await client.del(`${keys.live}a`);
    await client.set(`${keys.live}a`, 'foreign');
    expect(await submit(contract, newRun('2', 'a', replacing))).toBe('waiting');
    await client.set(`${keys.live}a`, 'foreign again');
    expect(await settle(contract, settlement('1', 'executed'))).toEqual(['settled']);
    expect(await states(contract, '1', '2')).toEqual([null, 'queued']);
    expect(Object.keys(await client.hgetall(keys.quarantine))).toHaveLength(2);
  });

  test('that of the job stores of a prefix', async () => {
    const { contract, client, keys } = openAlone();
    await client.set(keys.stores, 'foreign');
    await contract.store.records.register(true);
    expect(await client.smembers(keys.stores)).toEqual(['default']);
    const moved = await client.keys(`{${keys.stores}}:*`);
    expect(await Promise.all(moved.map((name) => client.get(name)))).toEqual(['foreign']);
  });
});

test('a counter with more digits than a script can keep apart is not a count of ours', async () => {
  const { contract, client, keys } = openAlone();
  const most = '123456789012345';
  await put(contract, adding('before', null));
  await client.set(keys.rev, most);
  await client.hset(keys.seq, 'job_added', most);
  await client.hset(keys.instances, 'a', most);
  await client.set(keys.epoch, most);
  const heard = await listen(contract);
  await put(contract, adding('a', null), adding('b', null));
  expect((await contract.store.records.read(['a', 'b'])).jobs).toMatchObject([{ rev: START + 1 }, { rev: START + 2 }]);
  expect((await heard()).map((one) => typeof one === 'object' && one.seq)).toEqual([START, START + 1]);
  expect(await contract.store.records.submit({ op: op(), run: newRun('r', 'a') })).toBe('submitted');
  expect(await client.hgetall(keys.instances)).toEqual({ a: '1' });
  expect(await elect(contract)).toBe(START);
  const kept = Object.entries(await client.hgetall(keys.quarantine)).map(([name, json]) => [
    name,
    JSON.parse(json).raw,
  ]);
  const names = ['rev', 'seq:job_added', 'instances:a', 'epoch'];
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(names.map((name) => [name, most])));
});
