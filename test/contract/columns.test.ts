import type { Claim, NewRun, Settlement } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import {
  adding,
  at,
  deliver,
  elect,
  type Heard,
  listen,
  newRun,
  op,
  put,
  raiseFormat,
} from '../support/contract-records.js';
import { LEASE_MS, start, states, submit } from '../support/contract-runs.js';

/** A claim of a job that is due at the start. Its run goes out under delivery `d`. */
function claimOf(id: string, rev: number, more: Partial<NewRun> = {}, rest: Partial<Claim> = {}): Claim {
  const events = { missed: null, removed: null };
  const run = newRun(`run-of-${id}`, id, more);
  return {
    id,
    expected: { rev, dueAt: START },
    next: at(START + 1_000),
    tombstone: null,
    deliveryId: 'd',
    run,
    events,
    ...rest,
  };
}

async function statuses({ store }: TestedStore, epoch: number, claims: readonly Claim[]) {
  const outcome = await store.terms.claim({ epoch, claims });
  return outcome.status === 'done' ? outcome.value : outcome.status;
}

/** The worker's report of the last execution of a run. */
function lastOf(run: NewRun, token = 't', value = 'null'): Settlement {
  const fireTime = run.fires.at(-1)?.fireTime ?? 0;
  return { run, token, index: 0, fireTime, outcome: 'executed', value, last: run };
}

const missedOf = (jobId: string, more = {}) => ({
  type: 'job_missed',
  about: { jobStore: 'default', jobId, ...more },
});
const removedOf = (jobId: string) => ({ type: 'job_removed', about: { jobStore: 'default', jobId } });

const startOf = (runIds: readonly string[], deliveryId = 'd') => ({
  deliveryId,
  runIds,
  token: 't',
  workerId: 'w',
  leaseMs: LEASE_MS,
  maxWorkerLosses: 3,
});

const heartbeatOf = (runIds: readonly string[]) => ({
  worker: { workerId: 'w', json: '{}' },
  leaseMs: LEASE_MS,
  held: runIds.map((runId) => ({ runId, token: 't' })),
});

/** Events by type, run (or job) and number. */
const reported = (heard: readonly Heard[]) =>
  heard.map((one) =>
    typeof one === 'string' ? one : `${String(one.type)} ${String(one.runId ?? one.jobId)} ${String(one.seq)}`,
  );

/** Enters these runs, each of a job of its own name, and starts them. */
async function started(contract: TestedStore, ...runs: readonly NewRun[]): Promise<void> {
  const epoch = await elect(contract);
  for (const run of runs) await start(contract, run.runId, await deliver(contract, epoch, run), 't');
}

// Scripts write unrelated runs in columns, and the others one by one between them.
jobStoreContract('a page in which some runs concern others', (open) => {
  test('claims: each is decided in its place', async () => {
    const contract = await open();
    const ids = ['a', 'busy', 'b', 'missing', 'c', 'done', 'queued', 'd', 'late', 'e'];
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    const epoch = await elect(contract);
    await submit(contract, newRun('before', 'busy'));
    await submit(contract, newRun('before-it', 'queued'));
    const heard = await listen(contract);
    const claims = [
      claimOf('a', 1),
      claimOf('busy', 2),
      claimOf('b', 3),
      claimOf('missing', 40),
      claimOf('a', 1),
      claimOf('c', 5),
      claimOf('done', 6, {}, { next: null, events: { missed: null, removed: removedOf('done') } }),
      claimOf('queued', 7, { overlap: 'queue' }),
      claimOf('d', 8, { overlap: 'queue' }),
      claimOf('late', 9, {}, { run: null, events: { missed: missedOf('late'), removed: null } }),
      claimOf('e', 10, {}, { next: at(START + 1_000, START + 990) }),
    ];
    expect(await statuses(contract, epoch, claims)).toEqual([
      ...['submitted', 'claimed', 'submitted', 'skipped', 'skipped', 'submitted', 'submitted', 'claimed', 'submitted'],
      ...['claimed', 'submitted'],
    ]);
    expect(reported(await heard())).toEqual([
      ...['job_submitted run-of-a 3', 'job_max_instances run-of-busy 1', 'job_submitted run-of-b 4'],
      ...['job_submitted run-of-c 5', 'job_submitted run-of-done 6', 'job_removed done 1', 'job_submitted run-of-d 7'],
      ...['job_missed late 1', 'job_submitted run-of-e 8'],
    ]);
    const runs = [...ids.map((id) => `run-of-${id}`), 'before', 'before-it'];
    expect(await states(contract, ...runs)).toEqual([
      ...['queued', null, 'queued', null, 'queued', 'queued', 'waiting', 'queued', null, 'queued', 'queued', 'queued'],
    ]);
    expect((await contract.store.records.read(ids)).jobs).toMatchObject(
      [
        ...['a', 'busy', 'b'].map(() => ({ pending: at(START + 1_000) })),
        { pending: at(START) },
        { pending: at(START + 1_000) },
        ...[null, ...['queued', 'd', 'late'].map(() => ({ pending: at(START + 1_000) }))],
        { pending: at(START + 1_000, START + 990) },
      ].map((one) => one ?? expect.toSatisfy((job) => job === null)),
    );
    // Each run counts as one instance: there is no room for another.
    for (const id of ['a', 'b', 'c', 'd', 'e', 'busy']) {
      expect(await contract.store.records.submit({ op: op(), run: newRun(`one-more-of-${id}`, id) }), id).toBe(
        'max_instances',
      );
    }
  });

  test('claims: jobs whose fire times were all missed go on, each once, and those that end are removed', async () => {
    const contract = await open();
    const ids = ['a', 'b', 'changed', 'jittered', 'over', 'c'];
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const missing = (
      id: string,
      rev: number,
      { removed = null, ...rest }: Partial<Claim> & { removed?: Claim['events']['removed'] },
    ) => {
      const missed = missedOf(id, { first: START - 1_000, last: START });
      return claimOf(id, rev, {}, { run: null, events: { missed, removed }, ...rest });
    };
    const claims = [
      missing('a', 1, {}),
      missing('b', 2, {}),
      missing('a', 1, {}),
      missing('changed', 30, {}),
      missing('jittered', 4, { next: at(START + 1_000, START + 990) }),
      missing('over', 5, { next: null, removed: removedOf('over') }),
      missing('c', 6, {}),
    ];
    expect(await statuses(contract, epoch, claims)).toEqual([
      ...['claimed', 'claimed', 'skipped', 'skipped', 'claimed', 'claimed', 'claimed'],
    ]);
    expect(reported(await heard())).toEqual([
      ...['job_missed a 1', 'job_missed b 2', 'job_missed jittered 3', 'job_missed over 4', 'job_removed over 1'],
      'job_missed c 5',
    ]);
    const found = (await contract.store.records.read(ids)).jobs;
    expect(found.map((job) => job?.pending)).toEqual([
      ...[
        at(START + 1_000),
        at(START + 1_000),
        at(START),
        at(START + 1_000, START + 990),
        undefined,
        at(START + 1_000),
      ],
    ]);
  });

  test('claims: jobs that end with their run, between others and more than once', async () => {
    const contract = await open();
    const ids = ['a', 'one', 'two', 'b', 'three', 'busy', 'metered'];
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    const epoch = await elect(contract);
    await submit(contract, newRun('before', 'busy'));
    const heard = await listen(contract);
    const ends = (id: string) => ({
      next: null,
      events: { missed: null, removed: removedOf(id) },
    });
    const claims = [
      claimOf('a', 1),
      claimOf('one', 2, {}, ends('one')),
      claimOf('two', 3, {}, ends('two')),
      claimOf('one', 2, {}, ends('one')),
      claimOf('b', 4),
      claimOf('three', 5, {}, { ...ends('three'), tombstone: 'digest' }),
      claimOf('busy', 6, {}, ends('busy')),
      claimOf('metered', 7, {}, ends('metered')),
    ];
    const done = ['submitted', 'submitted', 'submitted', 'skipped', 'submitted', 'submitted', 'claimed', 'submitted'];
    expect(await statuses(contract, epoch, claims)).toEqual(done);
    expect(reported(await heard())).toEqual([
      ...['job_submitted run-of-a 2', 'job_submitted run-of-one 3', 'job_removed one 1', 'job_submitted run-of-two 4'],
      ...['job_removed two 2', 'job_submitted run-of-b 5', 'job_submitted run-of-three 6', 'job_removed three 3'],
      ...['job_max_instances run-of-busy 1', 'job_removed busy 4', 'job_submitted run-of-metered 7'],
      'job_removed metered 5',
    ]);
    const { jobs } = await contract.store.records.read(ids);
    expect(jobs.map((job) => job?.id ?? null)).toEqual(['a', null, null, 'b', null, null, null]);
    expect(await states(contract, ...ids.map((id) => `run-of-${id}`))).toEqual([
      ...['queued', 'queued', 'queued', 'queued', 'queued', null, 'queued'],
    ]);
    // A job that has finished is not claimed again, and its id is free for a new job.
    expect(await statuses(contract, epoch, [claimOf('one', 2, {}, ends('one'))])).toEqual(['skipped']);
    await put(contract, adding('two', at(START)));
  });

  test('starts: one that is too late, one that is unknown, one that comes twice', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const names = ['a', 'late', 'b', 'c', 'd'];
    const runs = names.map((id) => newRun(id, id, id === 'late' ? { graceMs: 0 } : {}));
    for (const run of runs) await submit(contract, run);
    const to = { executor: 'default', priority: 0 };
    const deliveries = [
      { ...to, id: 'd', runIds: names.filter((runId) => runId !== 'c') },
      { ...to, id: 'other', runIds: ['c'] },
    ];
    await contract.store.terms.assign({ epoch, deliveries });
    const heard = await listen(contract);
    const given = ['a', 'unknown', 'b', 'late', 'a', 'c', 'd'];
    const outcomes = await contract.store.ledger.start(startOf(given));
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['started', 'dropped', 'started', 'ended', 'started', 'dropped', 'started'],
    ]);
    expect(outcomes[4]).toEqual(outcomes[0]);
    expect(reported(await heard())).toEqual([
      ...['job_started a 1', 'job_started b 2', 'job_missed late 1', 'job_started d 3'],
    ]);
    expect(await states(contract, ...names)).toEqual(['running', null, 'running', 'queued', 'running']);
  });

  test('settlements: one of two live runs, one with another that waits, one whose outcome is kept, one that comes twice', async () => {
    const contract = await open();
    await put(contract, ...['a', 'two', 'queue', 'kept', 'b'].map((id) => adding(id, null)));
    const runs = [
      newRun('a', 'a'),
      newRun('two', 'two', { maxInstances: 2 }),
      newRun('another', 'two', { maxInstances: 2 }),
      newRun('queue', 'queue', { overlap: 'queue' }),
      newRun('kept', 'kept', { history: { ageMs: 1_000, perJob: null } }),
      newRun('b', 'b'),
      newRun('of-none', null),
    ];
    await started(contract, ...runs);
    await submit(contract, newRun('waits', 'queue', { overlap: 'queue' }));
    // Job `b` had another overlap when the run before this one was submitted.
    await submit(contract, newRun('waits-too', 'b', { overlap: 'queue' }));
    const heard = await listen(contract);
    const settled = runs.filter(({ runId }) => runId !== 'another').map((run) => lastOf(run));
    const [first] = settled;
    const settlements = [...settled, ...(first ? [first] : []), lastOf(newRun('b', 'b'), 'other')];
    expect(await contract.store.ledger.settle({ op: op(), settlements })).toEqual([
      ...['settled', 'settled', 'settled', 'settled', 'settled', 'settled', 'void', 'void'],
    ]);
    expect(reported(await heard()).filter((one) => one.startsWith('job_'))).toEqual([
      ...[
        'job_executed a 1',
        'job_executed two 2',
        'job_executed queue 3',
        'job_submitted waits 8',
        'job_executed kept 4',
      ],
      ...['job_executed b 5', 'job_submitted waits-too 9', 'job_executed of-none 6'],
    ]);
    expect(await states(contract, ...runs.map(({ runId }) => runId), 'waits', 'waits-too')).toEqual([
      ...[null, null, 'running', null, null, null, null, 'queued', 'queued'],
    ]);
    expect(await contract.store.records.history({ jobId: 'kept', limit: 5 })).toHaveLength(1);
    const lasts = (await contract.store.records.read(['a', 'two', 'queue', 'kept', 'b'])).jobs;
    expect(lasts.map((job) => job && 'last' in job && job.last?.split(' ').slice(-2).join(' '))).toEqual(
      Array(5).fill('1 0'),
    );
    // Job `two` has one free instance, not two.
    const more = (runId: string) =>
      contract.store.records.submit({ op: op(), run: newRun(runId, 'two', { maxInstances: 2 }) });
    expect([await more('third'), await more('fourth')]).toEqual(['submitted', 'max_instances']);
  });
});

// The events of a page this large share their arguments. The log holds each event as it was sent.
jobStoreContract('a page of many', (open) => {
  const COUNT = 230;
  const BUSY = 60;
  const LARGE = 130;
  const ids = Array.from({ length: COUNT }, (_, n) => `job-${n}`);
  const admitted = ids.filter((_, n) => n !== BUSY);
  const runOf = (id: string) => newRun(`run-of-${id}`, id);

  test.each(['no client listens', 'a client listens'])('is logged whole and in order, where %s', async (how) => {
    const contract = await open();
    const { terms, ledger, records } = contract.store;
    const epoch = await raiseFormat(contract);
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    await submit(contract, newRun('before', `job-${BUSY}`));
    const heard = how === 'a client listens' ? await listen(contract) : undefined;
    const claims = ids.map((id, n) => claimOf(id, n + 1));
    const claimed = ids.map((_, n) => (n === BUSY ? 'claimed' : 'submitted'));
    expect(await statuses(contract, epoch, claims)).toEqual(claimed);
    const runIds = admitted.map((id) => `run-of-${id}`);
    expect((await ledger.start(startOf(runIds))).every(({ status }) => status === 'started')).toBe(true);
    expect((await ledger.heartbeat(heartbeatOf(runIds))).refused).toEqual([]);
    const value = (id: string) => (id === `job-${LARGE}` ? 'x'.repeat(17_000) : 'ü½\\n'.repeat(3));
    const settlements = admitted.map((id) => lastOf(runOf(id), 't', JSON.stringify(value(id))));
    const settled = await ledger.settle({ op: op(), settlements });
    expect(settled).toEqual(admitted.map(() => 'settled'));

    const { events, gap } = await records.events({ after: { before: 0 }, limit: 2_000 });
    const logged = (type: string) =>
      events.map(({ message }) => JSON.parse(message)).filter((one) => one.type === type);
    const numbers = admitted.map((_, n) => n + 1);
    const [first, ...submitted] = logged('job_submitted');
    expect(gap).toBe(false);
    expect(first).toMatchObject({ runId: 'before', seq: 1 });
    expect(submitted.map((one) => [one.runId, one.seq])).toEqual(runIds.map((id, n) => [id, n + 2]));
    expect(logged('job_started').map((one) => [one.runId, one.seq])).toEqual(runIds.map((id, n) => [id, n + 1]));
    const executed = logged('job_executed');
    expect(executed.map((one) => one.seq)).toEqual(numbers);
    expect(executed.map((one) => one.runId)).toEqual(runIds);
    expect(executed.map((one) => one.value)).toEqual(admitted.map((id) => (id === `job-${LARGE}` ? null : value(id))));
    expect(executed.filter((one) => one.valueOmitted).map((one) => one.jobId)).toEqual([`job-${LARGE}`]);
    if (heard) {
      const values = (await heard()).flatMap((one) =>
        typeof one === 'object' && one.type === 'job_executed' ? [one.value] : [],
      );
      expect(values).toEqual(admitted.map(value));
    }
    expect(await states(contract, ...runIds)).toEqual(runIds.map(() => null));
    expect(await terms.suspects({ limit: 500, cursor: '0' })).toMatchObject({
      suspects: [],
      strays: [],
      unreadable: [],
    });
  });

  test('is started, and nothing else holds a lease', async () => {
    const contract = await open();
    const { terms, ledger } = contract.store;
    const epoch = await elect(contract);
    await put(contract, ...ids.map((id) => adding(id, at(START))));
    await terms.claim({ epoch, claims: ids.map((id, n) => claimOf(id, n + 1)) });
    const runIds = ids.map((id) => `run-of-${id}`);
    // Their leases end at once.
    await ledger.start({ ...startOf(runIds), leaseMs: -1 });
    const { suspects, strays, unreadable } = await terms.suspects({ limit: 500, cursor: '0' });
    expect([...new Set(suspects.map(({ runId }) => runId))].sort()).toEqual(runIds.toSorted());
    expect([strays, unreadable]).toEqual([[], []]);
  });
});
