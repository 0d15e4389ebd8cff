import type { Claim } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, START } from '../support/contract.js';
import {
  adding,
  at,
  changing,
  claimedOf,
  deliverAll,
  elect,
  event,
  listen,
  newRun,
  op,
  put,
  startedRun,
} from '../support/contract-records.js';
import { settle, settlement } from '../support/contract-runs.js';

/** The fields of the events of a run's submission. */
const entered = (id: string, runId = `run-of-${id}`) => ({ jobId: id, runId, coalesced: null });
const was = (type: string, was: string) => ({ type, about: { jobStore: 'default', was } });
const ALL = {
  missed: was('job_missed', 'missed'),
  removed: was('job_removed', 'removed'),
};

function claimOf(id: string, rev: number, dueAt: number, more: Partial<Claim> = {}): Claim {
  return {
    id,
    expected: { rev, dueAt },
    next: at(dueAt + 1_000),
    tombstone: null,
    deliveryId: null,
    run: newRun(`run of ${id}`.replaceAll(' ', '-'), id),
    events: { ...ALL, missed: null },
    ...more,
  };
}

jobStoreContract('claims', (open) => {
  test('a due job becomes a run, and goes on to its next fire', async () => {
    const contract = await open();
    await put(
      contract,
      adding('a', at(START + 10)),
      adding('b', at(START + 20, START + 15)),
      adding('c', at(START + 30)),
    );
    const epoch = await elect(contract);
    const { terms, records } = contract.store;
    expect(await terms.due(10)).toEqual({
      now: START,
      paused: false,
      jobs: [],
      newer: [],
      nextDueAt: START + 10,
      outboxAt: null,
      isOwing: false,
    });
    await contract.pass(20);
    const page = await terms.due(10);
    expect(page).toMatchObject({ now: START + 20, nextDueAt: START + 30, outboxAt: null });
    expect(page.jobs).toMatchObject([
      { id: 'a', rev: 1, json: '{"of":"a"}', last: null, pending: at(START + 10) },
      { id: 'b', rev: 2, pending: at(START + 20, START + 15) },
    ]);
    expect(await terms.due(1)).toMatchObject({ jobs: [{ id: 'a' }], nextDueAt: START + 20 });

    const heard = await listen(contract);
    const claims = [
      claimOf('a', 1, START + 10, { next: at(START + 110, START + 100) }),
      claimOf('b', 2, START + 20, { events: ALL, next: at(START + 40) }),
    ];
    expect(claimedOf(await terms.claim({ epoch, claims }))).toBe(2);
    const now = START + 20;
    expect(await heard()).toEqual([
      event('job_submitted', 1, now, entered('a')),
      event('job_missed', 1, now, { was: 'missed' }),
      event('job_submitted', 2, now, entered('b')),
    ]);
    expect((await records.read(['a', 'b'])).jobs).toMatchObject([
      { rev: 1, generation: 1, pending: at(START + 110, START + 100) },
      { rev: 2, generation: 2, pending: at(START + 40) },
    ]);
    expect(await terms.due(10)).toMatchObject({ jobs: [], nextDueAt: START + 30, outboxAt: now });
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['run-of-a', 'run-of-b']);
  });

  test('of more due jobs than a page takes, half are those that have waited longest, and half those that came due last', async () => {
    const contract = await open();
    const jobs = Array.from({ length: 12 }, (_, index) => adding(`job-${index}`, at(START - 20 + index)));
    await put(contract, ...jobs, adding('later', at(START + 1)));
    const due = async (limit: number) => {
      const { jobs, nextDueAt } = await contract.store.terms.due(limit);
      return { ids: jobs.map(({ id }) => Number(id.slice(4))), isMore: nextDueAt !== null && nextDueAt <= START };
    };
    expect(await due(1)).toEqual({ ids: [0], isMore: true });
    expect(await due(2)).toEqual({ ids: [0, 11], isMore: true });
    expect(await due(5)).toEqual({ ids: [0, 11, 1, 10, 2], isMore: true });
    expect(await due(11)).toEqual({ ids: [0, 11, 1, 10, 2, 9, 3, 8, 4, 7, 5], isMore: true });
    for (const limit of [12, 13]) {
      expect(await due(limit)).toEqual({ ids: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], isMore: false });
    }
  });

  test('a page of large jobs ends before its limit, and reports when the next one is due', async () => {
    const contract = await open();
    const large = { json: JSON.stringify({ args: ['x'.repeat(500 * 1024)] }), pending: null, newGeneration: true };
    for (let index = 0; index < 12; index++) {
      const job = adding(`job-${index}`, null);
      await put(contract, { ...job, record: { digest: 'd', ...large, pending: at(START - 20 + index) } });
    }
    const page = await contract.store.terms.due(500);
    // 4 MiB fill a page, and the job that reaches them is on it.
    expect(page.jobs.map(({ id }) => id)).toEqual(Array.from({ length: 9 }, (_, index) => `job-${index}`));
    expect(page.nextDueAt).toBe(START - 20 + 9);
  });

  test('a claim that is repeated skips what it has claimed', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const claims = [claimOf('a', 1, START)];
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(1);
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(0);
    expect(await heard()).toHaveLength(1);
  });

  test('the same run is not entered twice, nor counted', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const run = newRun('r', 'a', { maxInstances: 2 });
    const heard = await listen(contract);
    const { terms, records } = contract.store;
    await terms.claim({ epoch, claims: [claimOf('a', 1, START, { run, next: at(START + 5) })] });
    expect(claimedOf(await terms.claim({ epoch, claims: [claimOf('a', 1, START + 5, { run })] }))).toBe(1);
    expect(await heard()).toHaveLength(1);
    expect(await records.submit({ op: op(), run: newRun('s', 'a', { maxInstances: 2 }) })).toBe('submitted');
  });

  test('as many live runs as the job may have: nothing runs, and it goes on', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const { terms, records } = contract.store;
    await terms.claim({ epoch, claims: [claimOf('a', 1, START, { next: at(START + 5) })] });
    const heard = await listen(contract);
    const claims = [claimOf('a', 1, START + 5, { run: newRun('second', 'a'), events: ALL })];
    expect(claimedOf(await terms.claim({ epoch, claims }))).toBe(1);
    expect(await heard()).toEqual([
      event('job_missed', 1, START, { was: 'missed' }),
      event('job_max_instances', 1, START, entered('a', 'second')),
    ]);
    expect((await records.read(['a'])).jobs).toMatchObject([{ pending: at(START + 1_005) }]);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['run-of-a']);
  });

  test('a job whose trigger is exhausted is removed, its run owed, its tombstone left', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START, START - 5)), adding('b', at(START)));
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const { terms, records } = contract.store;
    const claims = [
      claimOf('a', 1, START, { next: null, tombstone: 'digest' }),
      claimOf('b', 2, START, { next: null, run: null, events: ALL }),
    ];
    await terms.claim({ epoch, claims });
    expect(await heard()).toEqual([
      event('job_submitted', 1, START, entered('a')),
      event('job_removed', 1, START, { was: 'removed' }),
      event('job_missed', 1, START, { was: 'missed' }),
      event('job_removed', 2, START, { was: 'removed' }),
    ]);
    expect(await records.read(['a', 'b'])).toMatchObject({ jobs: [null, null], tombstones: ['digest', null] });
    const deliveryId = (await deliverAll(contract, epoch)).get('run-of-a') ?? '';
    const start = { deliveryId, runIds: ['run-of-a'], token: 't', workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 };
    const run = startedRun(newRun('run-of-a', 'a'));
    expect(await contract.store.ledger.start(start)).toEqual([{ status: 'started', run }]);
    // The next job with this id gets nothing of the old cursor.
    await put(contract, adding('a', at(START + 7), 'digest'));
    expect((await records.read(['a'])).jobs).toMatchObject([{ pending: at(START + 7) }]);
  });

  test('the last outcome of a finished job is forgotten with it', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const { terms, ledger, records } = contract.store;
    await terms.claim({ epoch, claims: [claimOf('a', 1, START, { next: at(START) })] });
    const deliveryId = (await deliverAll(contract, epoch)).get('run-of-a') ?? '';
    const [runId, token] = ['run-of-a', 't'];
    await ledger.start({ deliveryId, runIds: [runId], token, workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 });
    await ledger.settle({ op: op(), settlements: [settlement(runId, 'executed')] });
    expect((await records.read(['a'])).jobs).toMatchObject([{ last: `executed 1000 ${START} 1 0` }]);
    await terms.claim({ epoch, claims: [claimOf('a', 1, START, { next: null, run: null })] });
    await put(contract, adding('a', null));
    expect((await records.read(['a'])).jobs).toMatchObject([{ last: null }]);
  });

  test('a put before the claim: the claim skips the job', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)), adding('b', at(START)), adding('c', at(START)));
    const epoch = await elect(contract);
    await put(
      contract,
      changing('a', { rev: 1, dueAt: START }, null),
      changing('b', { rev: 2, dueAt: START }, { pending: at(START), newGeneration: false }),
      changing('c', { rev: 3, dueAt: START }, { pending: null }),
    );
    const heard = await listen(contract);
    const claims = [claimOf('a', 1, START), claimOf('b', 2, START), claimOf('c', 3, START), claimOf('d', 4, START)];
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(0);
    expect(await heard()).toEqual([]);
  });

  test('a run that could not be read again is refused, before all else that the store looks at', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)), adding('b', at(START)));
    const epoch = await elect(contract);
    const { terms, records } = contract.store;
    const run = newRun('run-of-a', 'a', { executor: 'no such name' });
    const claims = [claimOf('b', 2, START), claimOf('a', 1, START, { run })];
    const refused = { status: 'done', value: { refused: 'run-of-a' } };
    expect(await terms.claim({ epoch, claims })).toEqual(refused);
    expect(await terms.claim({ epoch: epoch - 1, claims })).toEqual(refused);
    await records.setPaused({ paused: true, event: { type: 'jobstore_paused', about: { jobStore: 'default' } } });
    expect(await terms.claim({ epoch, claims })).toEqual(refused);
    expect((await terms.due(10)).paused).toBe(true);
    await records.setPaused({ paused: false, event: { type: 'jobstore_resumed', about: { jobStore: 'default' } } });
    expect((await terms.due(10)).jobs).toHaveLength(2);
    expect(await terms.outbox(10)).toEqual({ runs: [], unreadable: [], newer: [] });
  });

  test('a put after the claim: it was read before, and is refused', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    await contract.store.terms.claim({ epoch, claims: [claimOf('a', 1, START)] });
    const { records } = contract.store;
    const late = changing('a', { rev: 1, dueAt: START }, null);
    expect(await records.put({ op: op(), readAt: START, changes: [late] })).toEqual({ status: 'done', left: [0] });
    const again = changing('a', { rev: 1, dueAt: START + 1_000 }, null);
    expect(await records.put({ op: op(), readAt: START, changes: [again] })).toEqual({ status: 'done', left: [] });
  });

  test('while the store is paused nothing is claimed', async () => {
    const contract = await open();
    await put(contract, adding('a', at(START)));
    const epoch = await elect(contract);
    const paused = { paused: true, event: { type: 'scheduler_paused', about: { jobStore: 'default' } } };
    await contract.store.records.setPaused(paused);
    const claim = { epoch, claims: [claimOf('a', 1, START)] };
    expect(await contract.store.terms.claim(claim)).toEqual({ status: 'done', value: 'paused' });
    await contract.store.records.setPaused({ ...paused, paused: false });
    expect(claimedOf(await contract.store.terms.claim(claim))).toBe(1);
  });

  test('an id of any kind is claimed', async () => {
    const contract = await open();
    const ids = ['1', '__proto__', 'a b', 'x:y', 'ü 🕰️ "q"'];
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    const epoch = await elect(contract);
    const claims = ids.map((id, index) => claimOf(id, index + 1, START, { run: newRun(`r${index}`, id) }));
    expect(claimedOf(await contract.store.terms.claim({ epoch, claims }))).toBe(5);
    const deliveries = await deliverAll(contract, epoch);
    for (const [index, id] of ids.entries()) {
      const [runId, token] = [`r${index}`, 't'];
      const deliveryId = deliveries.get(runId) ?? '';
      const start = { deliveryId, runIds: [runId], token, workerId: 'w', leaseMs: 100, maxWorkerLosses: 3 };
      expect(await contract.store.ledger.start(start)).toEqual([
        { status: 'started', run: startedRun(newRun(runId, id)) },
      ]);
      expect(await settle(contract, settlement(runId, 'executed'))).toEqual(['settled']);
    }
    const { jobs } = await contract.store.records.read(ids);
    expect(jobs.map((job) => job && 'last' in job && job.last)).toEqual(ids.map(() => `executed 1000 ${START} 1 0`));
  });
});
