import type { Suspect } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import {
  adding,
  at,
  claimedOf,
  deliver,
  deliverAll,
  deliverPage,
  deliveryOf,
  elect,
  event,
  listen,
  newRun,
  op,
  put,
  startedRun,
} from '../support/contract-records.js';
import { settlement } from '../support/contract-runs.js';

const LEASE_MS = 100;
const start = ({ store }: TestedStore, { runId, deliveryId }: Suspect, token: string) =>
  store.ledger.start({ deliveryId, runIds: [runId], token, workerId: 'w', leaseMs: LEASE_MS, maxWorkerLosses: 3 });

/** Returns a run that was queued once but that its queue does not know. */
async function queuedRun(
  contract: TestedStore,
  epoch: number,
  runId: string,
  jobId: string | null = null,
): Promise<Suspect> {
  return { runId, deliveryId: await deliver(contract, epoch, newRun(runId, jobId)), executor: 'default' };
}

jobStoreContract('the outbox', (open) => {
  test('a run stays until it is known to be queued, under another delivery each time', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    await records.submit({ op: op(), run: newRun('b', null, { priority: 7 }) });
    await records.submit({ op: op(), run: newRun('a', null, { executor: 'other' }) });
    await contract.pass(1);
    await records.submit({ op: op(), run: newRun('0', null) });
    const first = await deliverPage(terms, { epoch, limit: 2, nonce: 'n' });
    expect(first).toEqual({
      runs: [
        { runId: 'a', deliveryId: 'dn-1', executor: 'other', priority: 0 },
        { runId: 'b', deliveryId: 'dn-2', executor: 'default', priority: 7 },
      ],
      unreadable: [],
    });
    const { runs } = await deliverPage(terms, { epoch, limit: 10, nonce: 'm' });
    expect(runs.map(({ runId, deliveryId }) => [runId, deliveryId])).toEqual([
      ['a', 'dm-1'],
      ['b', 'dm-2'],
      ['0', 'dm-3'],
    ]);
    // The ledger no longer names the first delivery.
    await terms.confirmQueued({ epoch, deliveries: first.runs.map(deliveryOf) });
    expect(await terms.due(1)).toMatchObject({ outboxAt: START });
    const gone = { runId: 'gone', deliveryId: 'd', executor: 'default' };
    const deliveries = [...runs, gone].map(deliveryOf);
    await terms.confirmQueued({ epoch, deliveries });
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
    expect(await terms.confirmQueued({ epoch, deliveries })).toEqual({ status: 'done', value: null });
  });

  test('runs may share a delivery; what has left the outbox, or is put off, gets none', async () => {
    const contract = await open();
    const { terms, records, ledger } = contract.store;
    const epoch = await elect(contract);
    for (const runId of ['a', 'b', 'c', 'off', 'taken']) await records.submit({ op: op(), run: newRun(runId, null) });
    const { runs: found } = await terms.outbox(10);
    expect(found.map(({ runId }) => runId)).toEqual(['a', 'b', 'c', 'off', 'taken']);
    await deliverPage(terms, { epoch, limit: 10, nonce: 'n' });
    await start(contract, { runId: 'taken', deliveryId: 'dn-5', executor: '' }, 't');
    await ledger.handBack({ held: [{ runId: 'off', token: 'dn-4' }], delayMs: 1 });
    await records.cancel({ op: op(), runIds: ['c'] });
    const runIds = [...found.map(({ runId }) => runId), 'never'];
    const deliveries = [{ id: 'dm', executor: 'default', priority: 0, runIds }];
    for (let time = 0; time < 2; time++) {
      expect(await terms.assign({ epoch, deliveries })).toEqual({ status: 'done', value: ['a', 'b'] });
    }
    await terms.confirmQueued({ epoch, deliveries });
    expect(await terms.due(1)).toMatchObject({ outboxAt: START + 1 });
    const given = { deliveryId: 'dm', token: 'u', workerId: 'w', leaseMs: LEASE_MS, maxWorkerLosses: 3 };
    const outcomes = await ledger.start({ ...given, runIds: ['a', 'b', 'c', 'off', 'taken'] });
    expect(outcomes.map(({ status }) => status)).toEqual(['started', 'started', 'dropped', 'dropped', 'dropped']);
  });

  test('what starts before it is known to be queued has left the outbox', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    await records.submit({ op: op(), run: newRun('r', null) });
    await deliverPage(terms, { epoch, limit: 1, nonce: 'n' });
    expect(await start(contract, { runId: 'r', deliveryId: 'dn-1', executor: '' }, 't')).toMatchObject([
      { status: 'started' },
    ]);
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
  });

  test('a run that its queue refuses is settled as an error, for each fire that is left', async () => {
    const contract = await open();
    const { terms, ledger } = contract.store;
    const epoch = await elect(contract);
    const fires = [1_000, 2_000].map((fireTime) => ({ fireTime, dueAt: fireTime }));
    const run = {
      runId: 'r',
      deliveryId: await deliver(contract, epoch, newRun('r', 'a', { fires })),
      executor: 'default',
    };
    await start(contract, run, 't');
    await ledger.settle({ op: op(), settlements: [settlement('r', 'executed')] });
    const heard = await listen(contract);
    const error = { name: 'Error', message: 'no %d' };
    // The run was started: its queue had it after all.
    expect(await terms.refuse({ epoch, ...run, error })).toEqual({ status: 'done', value: null });
    expect(await heard()).toEqual([]);
    await ledger.handBack({ held: [{ runId: 'r', token: 't' }] });
    const again = { ...run, deliveryId: (await deliverAll(contract, epoch)).get('r') ?? '' };
    await heard();
    await terms.refuse({ epoch, ...run, error });
    expect(await heard()).toEqual([]);
    expect(await terms.refuse({ epoch, ...again, error })).toEqual({ status: 'done', value: null });
    expect(await terms.refuse({ epoch, ...again, error })).toEqual({ status: 'done', value: null });
    const reported = { jobId: 'a', runId: 'r', executionId: 'r.1', scheduledRunTime: 2_000 };
    expect(await heard()).toEqual([
      event('job_error', 1, START, { ...reported, error: { name: 'Error', message: 'no %d' } }),
    ]);
    expect(await start(contract, again, 'u')).toEqual([{ status: 'dropped', runId: 'r' }]);
    expect(await deliver(contract, epoch, newRun('next', 'a'))).not.toBe('');
  });

  test('a run that cannot be read is named, and quarantined without holding up the others', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    for (const runId of ['bad', 'good']) await records.submit({ op: op(), run: newRun(runId, null) });
    await contract.damage('run', 'bad');
    const heard = await listen(contract);
    const page = await deliverPage(terms, { epoch, limit: 10, nonce: 'n' });
    expect(page).toMatchObject({ unreadable: ['bad'], runs: [{ runId: 'good', deliveryId: 'dn-1' }] });
    const delivery = { id: 'd', executor: 'default', priority: 0, runIds: ['bad'] };
    expect(await terms.assign({ epoch, deliveries: [delivery] })).toEqual({
      status: 'done',
      value: [],
    });
    const reported = { type: 'job_quarantined', about: { jobStore: 'default', id: 'bad' } } as const;
    const bad = { id: 'bad', why: 'why', event: reported };
    const quarantine = { epoch, runs: [bad] };
    expect(await terms.quarantineRuns(quarantine)).toEqual({ status: 'done', value: null });
    expect(await terms.quarantineRuns(quarantine)).toEqual({ status: 'done', value: null });
    expect(await heard()).toEqual([event('job_quarantined', 1, START, { id: 'bad' })]);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['good']);
  });

  test('a job that cannot be read is quarantined if it is still due then', async () => {
    const contract = await open();
    const { terms, records } = contract.store;
    const epoch = await elect(contract);
    await put(contract, adding('bad', at(START, START - 5)), adding('good', at(START)));
    const run = { runId: 'r', deliveryId: await deliver(contract, epoch, newRun('r', 'bad')), executor: 'default' };
    await start(contract, run, 't');
    await contract.store.ledger.settle({ op: op(), settlements: [settlement('r', 'executed')] });
    expect((await records.read(['bad'])).jobs).toMatchObject([{ last: `executed 1000 ${START} 1 0` }]);
    await contract.damage('job', 'bad');
    const page = await terms.due(10);
    const why = 'its header cannot be read';
    expect(page.jobs).toMatchObject([
      { id: 'bad', why, pending: at(START, START - 5) },
      { id: 'good', rev: 2 },
    ]);
    const claim = {
      id: 'bad',
      expected: { rev: 1, dueAt: START },
      next: null,
      tombstone: null,
      run: null,
      deliveryId: null,
    };
    const none = { missed: null, removed: null };
    expect(claimedOf(await terms.claim({ epoch, claims: [{ ...claim, events: none }] }))).toBe(0);
    const heard = await listen(contract);
    const quarantine = (dueAt: number) =>
      terms.quarantineJobs({
        epoch,
        jobs: [
          {
            id: 'bad',
            dueAt,
            rev: null,
            why,
            event: { type: 'job_quarantined', about: { jobStore: 'default', id: 'bad' } },
          },
        ],
      });
    await quarantine(START + 1);
    expect(await heard()).toEqual([]);
    await quarantine(START);
    await quarantine(START);
    expect(await heard()).toEqual([event('job_quarantined', 1, START, { id: 'bad' })]);
    expect((await records.read(['bad'])).jobs).toEqual([null]);
    expect(await terms.due(10)).toMatchObject({ jobs: [{ id: 'good' }] });
    await put(contract, adding('bad', at(START + 9)));
    expect((await records.read(['bad'])).jobs).toMatchObject([{ pending: at(START + 9), last: null }]);
  });
});

jobStoreContract('reaping', (open) => {
  const reap = ({ store }: TestedStore, epoch: number, suspect: Suspect) =>
    store.terms.reap({ epoch, suspect, leaseMs: LEASE_MS });
  const done = (value: string) => ({ status: 'done', value });

  test('a run that its queue does not have goes back to the outbox', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = await queuedRun(contract, epoch, 'r');
    expect((await contract.store.terms.suspects({ limit: 10, cursor: '0' })).suspects).toEqual([run]);
    expect(await reap(contract, epoch, run)).toEqual(done('reaped'));
    expect(await reap(contract, epoch, run)).toEqual(done('alive'));
    expect((await contract.store.terms.suspects({ limit: 10, cursor: '0' })).suspects).toEqual([]);
    const deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
    expect(await start(contract, run, 't')).toMatchObject([{ status: 'dropped' }]);
    expect(await start(contract, { ...run, deliveryId }, 't')).toMatchObject([{ status: 'started' }]);
  });

  test('a run that its queue has is left to it; if it was started, for one more lease', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const [queued, started] = [await queuedRun(contract, epoch, 'q'), await queuedRun(contract, epoch, 's')];
    const queue = contract.backend.deliveryQueue('default');
    const deliveries = [queued, started].map(({ runId, deliveryId, executor }) => ({
      id: deliveryId,
      executor,
      priority: 0,
      runIds: [runId],
    }));
    expect(await queue.add(deliveries)).toEqual([{ status: 'queued' }, { status: 'queued' }]);
    await start(contract, started, 't');
    expect(await reap(contract, epoch, queued)).toEqual(done('queued'));
    expect(await reap(contract, epoch, started)).toEqual(done('alive'));
    await contract.pass(LEASE_MS);
    expect(await reap(contract, epoch, started)).toEqual(done('queued'));
    expect(await reap(contract, epoch, started)).toEqual(done('alive'));
    await contract.pass(LEASE_MS);
    expect(await reap(contract, epoch, started)).toEqual(done('queued'));
    await queue.close();
  });

  test('a started run whose delivery is gone is reaped when its lease is over, and each time is a loss', async () => {
    const contract = await open();
    const { ledger } = contract.store;
    const epoch = await elect(contract);
    let run = await queuedRun(contract, epoch, 'r', 'a');
    for (let starts = 1; starts <= 4; starts++) {
      const outcome = { status: 'started', run: startedRun(newRun('r', 'a'), { starts }) };
      expect(await start(contract, run, `t${starts}`)).toEqual([outcome]);
      await contract.pass(LEASE_MS - 1);
      expect(await reap(contract, epoch, run)).toEqual(done('alive'));
      await contract.pass(1);
      expect(await reap(contract, epoch, run)).toEqual(done('reaped'));
      const held = [{ runId: 'r', token: `t${starts}` }];
      const worker = { workerId: 'w', json: '{}' };
      expect(await ledger.heartbeat({ worker, leaseMs: LEASE_MS, held })).toEqual({
        isKnown: false,
        refused: ['r'],
        cancelled: [],
      });
      run = { ...run, deliveryId: (await deliverAll(contract, epoch)).get('r') ?? '' };
    }
    const heard = await listen(contract);
    expect(await start(contract, run, 't5')).toEqual([{ status: 'ended', runId: 'r' }]);
    expect(await heard()).toMatchObject([{ type: 'job_error', error: { code: 'WORKER_LOST' } }]);
  });

  test('what was settled, handed back or delivered again is not reaped', async () => {
    const contract = await open();
    const { ledger } = contract.store;
    const epoch = await elect(contract);
    const [settled, handed] = [await queuedRun(contract, epoch, 's'), await queuedRun(contract, epoch, 'h')];
    await start(contract, settled, 't');
    await start(contract, handed, 't');
    await ledger.settle({ op: op(), settlements: [settlement('s', 'executed')] });
    await ledger.handBack({ held: [{ runId: 'h', token: 't' }] });
    await contract.pass(LEASE_MS);
    for (const run of [settled, handed]) expect(await reap(contract, epoch, run)).toEqual(done('alive'));
    await deliverAll(contract, epoch);
    expect(await reap(contract, epoch, handed)).toEqual(done('alive'));
  });

  test('round by round every run that was delivered is suspected', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const epoch = await elect(contract);
    const runs = Array.from({ length: 700 }, (_, index) => `r${index}`);
    for (const runId of runs) await contract.store.records.submit({ op: op(), run: newRun(runId, null) });
    for (let page = 0; page < 7; page++) await deliverAll(contract, epoch);
    await contract.store.records.submit({ op: op(), run: newRun('undelivered', null) });
    const seen = new Set<string>();
    let cursor = '0';
    let rounds = 0;
    do {
      const page = await terms.suspects({ limit: 50, cursor });
      for (const { runId } of page.suspects) seen.add(runId);
      cursor = page.cursor;
      rounds += 1;
    } while (cursor !== '0');
    expect([...seen].sort()).toEqual(runs.sort());
    expect(rounds).toBeGreaterThan(5);
  });
});
