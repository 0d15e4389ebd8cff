import { expect, test } from 'vitest';
import { START } from '../support/contract.js';
import { adding, changing, deliverAll, elect, newRun, op, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { cancel, running, settle, settlement, start, submit } from '../support/contract-runs.js';

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

/** Expects that a key will live for about this long, ms. */
function expectLife(actual: number, ms: number): void {
  expect(actual).toBeLessThanOrEqual(ms);
  expect(actual).toBeGreaterThan(ms - 60_000);
}

test('runs that waited, were replaced, put off and shown leave nothing behind but what is kept of them', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const history = { ageMs: WEEK, perJob: null };
  const replacing = (runId: string) => newRun(runId, 'a', { overlap: 'replace', history });
  await running(contract, epoch, replacing('1'));
  await contract.store.ledger.progress([{ runId: '1', token: 't', json: '1' }]);
  for (const runId of ['2', '3']) await submit(contract, replacing(runId));
  expect(await client.hget(keys.waiting, 'a')).toBe('3');
  expect(await client.zrange(`${keys.live}a`, 0, -1)).toEqual(['1']);
  await settle(contract, settlement('1', 'retry'));
  await start(contract, '3', (await deliverAll(contract, epoch)).get('3') ?? '');
  await settle(contract, settlement('3', 'executed'));
  const left = (await client.keys(`${keys.base}*`)).filter((name) => !name.startsWith(keys.op));
  const results = ['1', '2', '3'].map((runId) => keys.result + runId);
  expect(left.sort()).toEqual(
    [keys.epoch, keys.format, keys.led, keys.log, keys.seq, `${keys.history}a`, ...results].sort(),
  );
});

test('what is kept of a run goes after its age, that of a superseded one after an hour', async () => {
  const { contract, client, keys } = openAlone();
  const lifeOf = (runId: string) => client.pttl(keys.result + runId);
  for (const [jobId, ageMs] of [
    ['long', WEEK],
    ['short', HOUR / 2],
  ] as const) {
    const run = (runId: string) =>
      newRun(`${jobId}-${runId}`, jobId, { overlap: 'queue', history: { ageMs, perJob: 9 } });
    for (const runId of ['1', '2', '3']) await submit(contract, run(runId));
    await cancel(contract, `${jobId}-1`);
    expectLife(await lifeOf(`${jobId}-1`), ageMs);
    expectLife(await client.pttl(`${keys.history}${jobId}`), ageMs);
  }
  expectLife(await lifeOf('long-2'), HOUR);
  expectLife(await lifeOf('short-2'), HOUR / 2);
});

test('the tombstone of a job that finishes by a change is there for seven days', async () => {
  const { contract, client, keys } = openAlone();
  await put(contract, adding('a', null));
  await put(contract, { ...changing('a', { rev: 1, dueAt: null }, null), tombstone: 'digest' });
  expectLife(await client.pttl(`${keys.tomb}a`), WEEK);
});

test('a settled fire time keeps those before it as long as itself', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  const fires = [1_000, 2_000].map((fireTime) => ({ fireTime, dueAt: fireTime }));
  await running(contract, epoch, newRun('r', 'a', { fires, history: { ageMs: HOUR, perJob: null } }));
  await settle(contract, settlement('r', 'executed'));
  await client.pexpire(`${keys.result}r`, 1_000_000);
  await settle(contract, settlement('r', 'executed', { index: 1 }));
  expectLife(await client.pttl(`${keys.result}r`), HOUR);
});

test('the answers of calls are remembered for a minute', async () => {
  const { contract, client, keys } = openAlone();
  const { records, ledger } = contract.store;
  await records.submit({ op: 'submit', run: newRun('r', null) });
  await records.cancel({ op: 'cancel', runIds: ['r'] });
  await records.announce({ op: 'announce', event: { type: 'job_paused', about: { jobStore: 'default' } } });
  await records.put({ op: 'put', readAt: START, changes: [adding('a', null)] });
  await ledger.settle({ op: 'settle', settlements: [] });
  for (const op of ['submit', 'cancel', 'announce', 'put', 'settle']) {
    expectLife(await client.pttl(keys.op + op), 60_000);
  }
});

test('an entry of the log is just what went out', async () => {
  const { contract, client, keys } = openAlone();
  await contract.store.records.announce({ op: op(), event: { type: 'job_paused', about: { jobStore: 'default' } } });
  const [[, entry] = []] = await client.xrange(keys.log, '-', '+');
  expect(entry).toEqual(['event', `{"v":1,"seq":1,"type":"job_paused","at":${START},"jobStore":"default"}`]);
});

test('an entry of the log is what a call published, one event each before format 3', async () => {
  for (const [format, entries] of [
    ['2 1', [['event'], ['event'], ['event']]],
    ['3 1', [['events'], ['event']]],
  ] as const) {
    const { contract, client, keys } = openAlone();
    await client.set(keys.format, format);
    await put(contract, adding('a', null), adding('b', null));
    await put(contract, adding('c', null));
    const fields = (await client.xrange(keys.log, '-', '+')).map(([, entry]) => entry.filter((_, at) => at % 2 === 0));
    expect([format, fields]).toEqual([format, entries]);
  }
});

test('a submission that is refused or repeated writes no run', async () => {
  const { contract, client, keys } = openAlone();
  const call = { op: op(), run: newRun('1', 'a') };
  for (let time = 0; time < 2; time++) await contract.store.records.submit(call);
  await submit(contract, newRun('2', 'a', { history: { ageMs: HOUR, perJob: null } }));
  expect(await client.hkeys(keys.runs)).toEqual(['1']);
  expect(await client.hgetall(keys.instances)).toEqual({ a: '1' });
  expect(await client.exists(`${keys.result}2`, keys.waiting, `${keys.live}a`)).toBe(0);
});

test('failures are bounded by count, bytes and age, and go with the last of them', async () => {
  const { contract, client, keys } = openAlone();
  const epoch = await elect(contract);
  let runs = 0;
  /** Lets `count` runs fail, settled in one call. */
  const fail = async (count = 1) => {
    const ids = Array.from({ length: count }, () => `${++runs}`);
    for (const runId of ids) await running(contract, epoch, newRun(runId, null));
    await settle(contract, ...ids.map((runId) => settlement(runId, 'error')));
  };
  /** Writes failures as another process does, each with this size in bytes. */
  const seed = async (count: number, bytes: number, at: number) => {
    const { length } = await client.xrange(keys.failures, '-', '+');
    const pipeline = client.pipeline();
    for (let n = 1; n <= count; n++) {
      const event = `{"v":1,"seq":${n},"type":"job_error","at":${at}}`;
      pipeline.xadd(keys.failures, '*', 'event', event, 'bytes', String(length + n * bytes));
    }
    await pipeline.exec();
  };
  await fail();
  expectLife(await client.pttl(keys.failures), 90 * 24 * HOUR);
  await client.del(keys.failures);
  for (const [count, bytes, at, left] of [
    [10_004, 100, contract.now, 10_000],
    // Eight failures of 2 MiB each and a small one are left.
    [12, 2 ** 21, contract.now, 9],
    [5, 100, START - 90 * 24 * HOUR - 1, 1],
    [5, 100, START - 90 * 24 * HOUR, 6],
    // A call removes only some at a time.
    [30, 100, 0, 21],
  ] as const) {
    await seed(count, bytes, at);
    await fail();
    expect(await client.xlen(keys.failures), `${count} of ${bytes} bytes`).toBe(left);
    await client.del(keys.failures);
  }
  // As many are removed as are added, also where many are added at once. Each counts its bytes.
  await seed(10_000, 100, contract.now);
  await fail(25);
  expect(await client.xlen(keys.failures)).toBe(10_000);
  const sizes = (await client.xrevrange(keys.failures, '+', '-', 'COUNT', 25)).map(
    ([, [, event, , bytes, , run, , body]]) => ({
      bytes: Number(bytes),
      own: `${event}${run}${body}`.length,
    }),
  );
  for (const [place, { bytes, own }] of sizes.slice(0, -1).entries()) expect(bytes - own).toBe(sizes[place + 1]?.bytes);
  await client.del(keys.failures);
  // A key that Carillon did not write is moved away.
  await client.set(keys.failures, 'x');
  await fail();
  expect(await client.xlen(keys.failures)).toBe(1);
});
