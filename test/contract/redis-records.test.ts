import { expect, test } from 'vitest';
import { START } from '../support/contract.js';
import { adding, at, deliver, elect, listen, newRun, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { settlement } from '../support/contract-runs.js';

const GARBAGE = [
  '',
  ' ',
  'x',
  '1',
  '1 ',
  '1 2',
  '1 2 ',
  '1 2 3',
  '-1 2 digest {}',
  'a 2 digest {}',
  '\u0000\u0001',
  '{}',
  '🕰️',
];

test('a job record of which only scraps are left is reported as unreadable, not claimed, and quarantined as it is', async () => {
  const { contract, client, keys } = openAlone();
  const { records, terms } = contract.store;
  const epoch = await elect(contract);
  const ids = GARBAGE.map((_, index) => `g${index}`);
  await put(contract, ...ids.map((id, index) => adding(id, at(START - 100 + index))), adding('good', at(START)));
  for (const [index, id] of ids.entries()) await client.hset(keys.jobs, id, GARBAGE[index] ?? '');
  await client.zadd(keys.schedule, START - 200, 'no record');
  const page = await terms.due(100);
  expect(page.jobs.filter((job) => 'why' in job).map(({ id }) => id)).toEqual(['no record', ...ids]);
  expect((await records.read(ids)).jobs.every((job) => job && 'why' in job)).toBe(true);
  for (const job of page.jobs) {
    if (!('why' in job) || !job.pending) continue;
    const event = { type: 'job_quarantined', about: { jobStore: 'default' } } as const;
    await terms.quarantineJobs({ epoch, jobs: [{ ...job, dueAt: job.pending.dueAt, event }] });
  }
  const kept = await client.hgetall(keys.quarantine);
  const raw = Object.entries(kept).map(([id, json]) => [id, JSON.parse(json).raw]);
  expect(Object.fromEntries(raw)).toEqual({
    'no record': null,
    ...Object.fromEntries(ids.map((id, i) => [id, GARBAGE[i]])),
  });
  expect(JSON.parse(kept.g2 ?? '')).toEqual({
    why: 'its header cannot be read',
    at: START,
    raw: 'x',
    dueAt: String(START - 98),
  });
  expect((await terms.due(100)).jobs.map(({ id }) => id)).toEqual(['good']);
});

test('a claim with an unreadable run is refused, and the run named, before any job of it is written', async () => {
  const { contract, keys, client } = openAlone();
  const { terms } = contract.store;
  const epoch = await elect(contract);
  await put(contract, adding('a', at(START)), adding('b', at(START)), adding('c', at(START)));
  const claims = ['a', 'b', 'c'].map((id, index) => ({
    id,
    expected: { rev: index + 1, dueAt: START },
    next: at(START + 1_000),
    tombstone: null,
    deliveryId: null,
    run: newRun(`run-of-${id}`, id, id === 'b' ? { executor: 'no alias' } : {}),
    events: { missed: null, removed: null },
  }));
  const heard = await listen(contract);
  expect(await terms.claim({ epoch, claims })).toEqual({ status: 'done', value: { refused: 'run-of-b' } });
  expect(await heard()).toEqual([]);
  expect(await client.exists(keys.runs, keys.outbox, keys.instances)).toBe(0);
  expect(await terms.due(9)).toMatchObject({ jobs: ['a', 'b', 'c'].map((id) => ({ id, pending: at(START) })) });
});

test('a run record of which only scraps are left holds up no other', async () => {
  const { contract, client, keys } = openAlone();
  const { ledger, terms } = contract.store;
  const epoch = await elect(contract);
  for (const [index, garbage] of GARBAGE.entries()) {
    const runId = `g${index}`;
    const deliveryId = await deliver(contract, epoch, newRun(runId, null));
    await client.hset(keys.runs, runId, garbage);
    const start = { deliveryId, runIds: [runId], token: 't', workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 };
    expect(await ledger.start(start)).toEqual([{ status: 'unreadable', runId }]);
    await terms.refuse({
      epoch,
      runId,
      deliveryId,
      error: { name: 'Error', message: 'no' },
    });
    const suspect = { runId, deliveryId, executor: 'default' };
    expect(await terms.reap({ epoch, suspect, leaseMs: 100 })).toEqual({ status: 'done', value: 'alive' });
    await client.zadd(keys.outbox, START, runId);
  }
  expect((await terms.suspects({ limit: 100, cursor: '0' })).suspects).toEqual([]);
  const { unreadable } = await terms.outbox(100);
  expect(unreadable).toHaveLength(GARBAGE.length);
  const event = { type: 'job_quarantined', about: { jobStore: 'default' } } as const;
  const runs = unreadable.map((id) => ({ id, why: 'why', event }));
  await terms.quarantineRuns({ epoch, runs });
  // The call is repeated after a lost reply: the kept records stay.
  await terms.quarantineRuns({ epoch, runs });
  const kept = Object.entries(await client.hgetall(keys.quarantine)).map(([id, json]) => [id, JSON.parse(json).raw]);
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(GARBAGE.map((garbage, index) => [`g${index}`, garbage])));
  expect(await terms.due(1)).toMatchObject({ outboxAt: null });
});

test("a run is left to its queue as long as BullMQ's record of it is there and unfinished", async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const deliveryId = await deliver(contract, epoch, newRun('r', null, { executor: 'other.one' }));
  const suspect = { runId: 'r', deliveryId, executor: 'other.one' };
  const reap = () => contract.store.terms.reap({ epoch, suspect, leaseMs: 100 });
  const record = `${keys.queues}:other.one:${deliveryId}`;
  await client.hset(record, 'name', 'run');
  expect(await reap()).toEqual({ status: 'done', value: 'queued' });
  await client.hset(record, 'finishedOn', START);
  expect(await reap()).toEqual({ status: 'done', value: 'reaped' });
});

test('nothing is left of a job and a run that are over, but numbers, the log and repeated calls', async () => {
  const { contract, client, keys } = openAlone();
  const { ledger, records } = contract.store;
  await put(contract, adding('a', at(START + 50, START)));
  const epoch = await elect(contract);
  const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
  await ledger.start({ deliveryId, runIds: ['r'], token: 't', workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 });
  await ledger.settle({ op: 'settled', settlements: [settlement('r', 'executed')] });
  const changes = [{ id: 'a', expected: { rev: 1, dueAt: START + 50 }, record: null, events: [] }];
  await records.put({ op: 'removed', readAt: START, changes });
  const left = (await client.keys(`${keys.base}*`)).filter((name) => !name.startsWith(keys.op));
  expect(left.sort()).toEqual([keys.epoch, keys.format, keys.led, keys.log, keys.rev, keys.seq].sort());
  for (const name of await client.keys(`${keys.op}*`)) expect(await client.pttl(name)).toBeGreaterThan(0);
});

test.each([
  ['an overlap that there is not', (record: string) => record.replace(' skip ', ' later ')],
  ['a grace that is not a number', (record: string) => record.replace('- 3 skip ', '5s 3 skip ')],
  ['fire times that are not numbers', (record: string) => record.replace(/\d+\+\d+/, 'soon')],
  ['half a fire time at its end', (record: string) => record.replace(/(\d+\+\d+)/, '$1,17')],
  ['a line less', (record: string) => record.replace(/\n[^\n]*$/, '')],
])('a run with %s is reported as unreadable before it is used', async (_, damage) => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const deliveryId = await deliver(contract, epoch, newRun('r', 'a', { maxInstances: 3 }));
  const record = (await client.hget(keys.runs, 'r')) ?? '';
  expect(damage(record)).not.toBe(record);
  await client.hset(keys.runs, 'r', damage(record));
  const { ledger, terms } = contract.store;
  const start = { deliveryId, runIds: ['r'], token: 't', workerId: 'w', leaseMs: 1_000, maxWorkerLosses: 3 };
  expect(await ledger.start(start)).toEqual([{ status: 'unreadable', runId: 'r' }]);
  expect(await terms.suspects({ limit: 10, cursor: '0' })).toMatchObject({ suspects: [], unreadable: ['r'] });
});

test('what another program wrote among the workers, at no instant, hides none of them', async () => {
  const { contract, client, keys } = openAlone();
  const { records, terms } = contract.store;
  await client.zadd(keys.workers, START, 'w', '-inf', 'nobody', '+inf', 'someone');
  const workers = [{ workerId: 'w', heardAt: START, json: null }];
  expect(await terms.serving(['default'])).toMatchObject({ workers, limited: [] });
  expect(await records.inspect({ runs: 1, quarantined: 1 })).toMatchObject({ workers });
  expect(await records.measure({ jobs: 1, executors: [] })).toMatchObject({ workers });
});
