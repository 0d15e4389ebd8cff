import { FORMATS, type Formats, type JobStore } from '@carillon/core/internal';
import { expect, it } from 'vitest';
import { decodeLastRun } from '../../packages/core/src/job/last-run.js';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, elect, newRun, op, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { running, settle, settlement } from '../support/contract-runs.js';

/** Releases of some years, by the formats that each reads. */
const first = { oldest: 1, newest: 1 };
const second = { oldest: 1, newest: 2 };
const third = { oldest: 2, newest: 3 };

const LEASE_MS = 3_000;
const tooNew = { code: 'FORMAT_TOO_NEW' };
const tooOld = { code: 'FORMAT_TOO_OLD' };
const event = { type: 'worker_joined', about: { jobStore: 'default' } } as const;

/** A coordinator of a release; it may lead. */
function coordinatorOf(contract: TestedStore, formats: Formats, coordinatorId: string) {
  const store = contract.seenBy(formats);
  const show = (epoch: number | null) =>
    store.contenders.show({
      ...{ coordinatorId, aliveMs: LEASE_MS, number: 1, leads: epoch === null ? 0 : 1 },
      ...{ epoch, born: null, emptied: { type: 'jobstore_emptied', about: { jobStore: 'default' } } },
    });
  const lock = contract.backend.election('default', 600_000);
  const lead = async () => {
    const held = await lock.acquire();
    if (!held) throw new Error('the lock is taken');
    const epoch = await store.terms.beginTerm({ lock: held.value, coordinatorId: 'c' });
    if (epoch === null) throw new Error('no term began');
    return { epoch, round: () => show(epoch), end: () => held.release() };
  };
  return { store, show, lead, say: () => store.contenders.say({ coordinatorId, aliveMs: LEASE_MS }) };
}

const join = ({ ledger }: JobStore, workerId: string) =>
  ledger.join({ worker: { workerId, json: '{}' }, executors: [], tasks: [], event });
const beat = ({ ledger }: JobStore, workerId: string) =>
  ledger.heartbeat({ worker: { workerId, json: '{}' }, leaseMs: LEASE_MS, held: [] });
const formatOf = async ({ records }: JobStore) => (await records.inspect({ runs: 0, quarantined: 0 })).format;

jobStoreContract('formats', (open) => {
  it('a store begins with the lowest that its first writer writes; only a leader raises it', async () => {
    const contract = await open();
    const store = contract.seenBy(second);
    await store.records.put({ op: op(), readAt: START, changes: [adding('a', at(START))] });
    expect(await formatOf(store)).toEqual({ format: 1, lowest: 1 });
    await join(store, 'w');
    const { show, lead } = coordinatorOf(contract, second, 'c');
    await show(null);
    expect(await formatOf(store)).toEqual({ format: 1, lowest: 1 });
    const { round } = await lead();
    await round();
    expect(await formatOf(store)).toEqual({ format: 2, lowest: 1 });
  });

  it('a member that joins with an older one has it lowered at once; it is raised once that one has left, or is lost', async () => {
    const contract = await open();
    const { lead } = coordinatorOf(contract, second, 'c');
    const { round } = await lead();
    await round();
    const old = contract.seenBy(first);
    const reader = coordinatorOf(contract, first, 'o');
    const members: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
      ['worker', () => join(old, 'w'), () => old.ledger.leave('w')],
      ['silent worker', () => join(old, 'w'), () => contract.pass(60_000)],
      ['beating worker', () => beat(old, 'w'), () => old.ledger.leave('w')],
      ['coordinator to be', () => reader.say(), () => old.contenders.leave('o')],
      ['coordinator', () => reader.show(null), () => old.contenders.leave('o')],
      ['silent coordinator', () => reader.show(null), () => contract.pass(LEASE_MS)],
    ];
    for (const [name, enter, leave] of members) {
      await expect(old.records.read(['a']), name).rejects.toMatchObject(tooNew);
      await enter();
      expect(await formatOf(old), name).toEqual({ format: 1, lowest: 1 });
      await round();
      expect(await formatOf(old), name).toEqual({ format: 1, lowest: 1 });
      await leave();
      await round();
      expect(await formatOf(contract.seenBy(second)), name).toEqual({ format: 2, lowest: 1 });
    }
  });

  it('a member that reads less is refused whatever it asks, before anything is written, and served once the format is lowered', async () => {
    const contract = await open();
    const { lead } = coordinatorOf(contract, { oldest: 2, newest: 2 }, 'c');
    const { epoch, round } = await lead();
    await round();
    const old = contract.seenBy(first);
    const run = newRun('r', null);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => old.records.put({ op: op(), readAt: START, changes: [adding('a', at(START))] }),
      () => old.records.submit({ op: op(), run }),
      () => old.records.runs(['r']),
      () => old.records.list({ limit: 1, cursor: null }),
      () => old.records.inspect({ runs: 1, quarantined: 1 }),
      () => old.terms.due(1),
      () => old.terms.claim({ epoch, claims: [] }),
      () => old.terms.beginTerm({ lock: 'x', coordinatorId: 'c' }),
      () => old.ledger.settle({ op: op(), settlements: [] }),
      () => join(old, 'w'),
      () => beat(old, 'w'),
      () => old.contenders.say({ coordinatorId: 'o', aliveMs: LEASE_MS }),
    ];
    for (const call of calls) await expect(call(), String(call)).rejects.toMatchObject(tooNew);
    const { counts, workers, readers } = await contract.seenBy(second).records.inspect({ runs: 1, quarantined: 1 });
    expect({ ...counts, workers }).toMatchObject({ jobs: 0, runs: 0, workers: [] });
    // All members are listed as readers anyway.
    const seen = readers.map(({ member, reads }) => `${member} ${reads}`).sort();
    expect(seen).toEqual(['coordinator c 2', 'coordinator o 1', 'worker w 1']);
  });

  it('a release that does not read the format any more is refused, and does not raise it', async () => {
    const contract = await open();
    await join(contract.seenBy(first), 'w');
    const { store, show } = coordinatorOf(contract, third, 'c');
    await expect(show(null)).rejects.toMatchObject({ ...tooOld, format: 1 });
    await expect(store.records.read(['a'])).rejects.toMatchObject(tooOld);
    expect(await formatOf(contract.seenBy(first))).toEqual({ format: 1, lowest: 1 });
  });

  it('is not lowered below what a newer member still writes', async () => {
    const contract = await open();
    const { lead } = coordinatorOf(contract, second, 'c');
    const { round, end } = await lead();
    await round();
    await coordinatorOf(contract, third, 'd').show(null);
    await round();
    expect(await formatOf(contract.seenBy(second))).toEqual({ format: 2, lowest: 2 });
    await expect(join(contract.seenBy(first), 'w')).rejects.toMatchObject(tooNew);
    await round();
    expect(await formatOf(contract.seenBy(second))).toEqual({ format: 2, lowest: 2 });
    await end();
  });

  it('one that leads no more raises nothing', async () => {
    const contract = await open();
    const { lead } = coordinatorOf(contract, second, 'c');
    const { round, end } = await lead();
    await end();
    await elect(contract);
    await round();
    expect(await formatOf(contract.store)).toEqual({ format: 1, lowest: 1 });
  });
});

it('a store of before there were formats is refused by whatever is asked of it, with what to do; a drained one is a new one', async () => {
  const { contract, client, keys } = openAlone();
  await client.hset(keys.runs, 'r', 'x');
  await client.set(keys.epoch, 5);
  const why = new RegExp(`${keys.base.replace(/[{}]/g, '.')}.*jobs.*runs.*no .*format.*export.*prefix`);
  for (const call of [
    () => contract.store.records.read(['a']),
    () => contract.store.contenders.say({ coordinatorId: 'c', aliveMs: 1 }),
    () => join(contract.store, 'w'),
    () => contract.store.terms.due(1),
  ]) {
    await expect(call()).rejects.toMatchObject({ ...tooOld, format: null, message: expect.stringMatching(why) });
  }
  expect(await client.exists(keys.format, keys.readers, keys.workers)).toBe(0);
  await client.del(keys.runs);
  await join(contract.store, 'w');
  expect(await client.get(keys.format)).toBe(`${FORMATS.oldest} ${FORMATS.oldest}`);
});

it('reading a new store writes nothing', async () => {
  const { contract, client, keys } = openAlone();
  await contract.store.records.read(['a']);
  await contract.store.records.inspect({ runs: 1, quarantined: 1 });
  expect(await client.keys(`${keys.base}*`)).toEqual([]);
});

it('what stands in the place of the format and is not one is named', async () => {
  const { contract, client, keys } = openAlone();
  await client.set(keys.format, 'banana');
  await expect(contract.store.records.read(['a'])).rejects.toThrow(`key ${keys.format} holds "banana", no format`);
  await client.del(keys.format);
  await client.lpush(keys.format, 'x');
  await expect(contract.store.records.read(['a'])).rejects.toThrow(`key ${keys.format} holds a list, not a string`);
});

jobStoreContract('the last outcome of a job', (open) => {
  it('is read alike in each format, and goes on counting from one to the other and back', async () => {
    const contract = await open();
    const { records } = contract.store;
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const { lead } = coordinatorOf(contract, second, 'c');
    const { epoch: leading, round } = await lead();
    const reported: (string | null)[] = [];
    let runs = 0;
    const settleOne = async (of: number, outcome: 'executed' | 'error') => {
      runs += 1;
      await running(contract, of, newRun(`r${runs}`, 'a'));
      await settle(contract, settlement(`r${runs}`, outcome));
      const [job] = (await records.read(['a'])).jobs;
      reported.push(job && 'last' in job ? job.last : null);
    };
    expect(epoch).toBeLessThan(leading);
    await settleOne(leading, 'executed');
    await round();
    await settleOne(leading, 'error');
    await join(contract.seenBy(first), 'w');
    await settleOne(leading, 'executed');
    const after = START - 1_000;
    expect(reported).toEqual([`executed 1000 ${START} 1 0`, `e 1000 ${after} 1 1`, `executed 1000 ${START} 2 1`]);
    const settledAt = new Date(START);
    expect(reported.map((text) => decodeLastRun(text))).toMatchObject([
      { outcome: 'executed', settledAt },
      { outcome: 'error', settledAt, scheduledRunTime: new Date(1_000) },
      { outcome: 'executed', settledAt, executed: 2, errors: 1 },
    ]);
  });

  it('is exact of the oldest instant that a Date has, in each format', async () => {
    const contract = await open();
    const { records } = contract.store;
    await put(contract, adding('a', at(START)));
    const { lead } = coordinatorOf(contract, second, 'c');
    const { epoch, round } = await lead();
    const fireTime = -8_640_000_000_000_000;
    for (const runId of ['first', 'second']) {
      await running(contract, epoch, newRun(runId, 'a', { fires: [{ fireTime, dueAt: START }] }));
      await settle(contract, settlement(runId, 'executed'));
      const [job] = (await records.read(['a'])).jobs;
      const last = decodeLastRun(job && 'last' in job ? job.last : null);
      expect(last).toMatchObject({ scheduledRunTime: new Date(fireTime), settledAt: new Date(START) });
      await round();
    }
  });
});
