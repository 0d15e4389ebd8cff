import type { NewRun, Settlement } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { WORKER_LOST } from '../../packages/core/src/event/outcome.js';
import { jobStoreContract, START } from '../support/contract.js';
import {
  adding,
  changing,
  deliver,
  deliverAll,
  elect,
  event,
  listen,
  newRun,
  op,
  put,
  startedRun,
} from '../support/contract-records.js';
import { settlement } from '../support/contract-runs.js';

const startOf = (deliveryId: string, token: string, ...runIds: string[]) => ({
  deliveryId,
  runIds,
  token,
  workerId: 'w "1"',
  leaseMs: 100,
  maxWorkerLosses: 3,
});

const executed = (runId: string, token: string, index = 0) =>
  settlement(runId, 'executed', { token, index, fireTime: 1_000 * (index + 1) });

const worker = (workerId: string) => ({ workerId, json: '{}' });
/** A look after everything that happens in a test. */
const LATER = Number.MAX_SAFE_INTEGER;
const NOTHING = { executors: [], tasks: [] };
const joined = (id: string) => ({ type: 'worker_joined', about: { jobStore: 'default', id } }) as const;
const three = [1_000, 2_000, 3_000].map((fireTime) => ({ fireTime, dueAt: fireTime + 500 }));

jobStoreContract('the ledger', (open) => {
  test('a start under the delivery that the ledger names', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = newRun('r', 'a:b "c"', { payload: '{"unicode":"🕰️\\u0000%s"}', executor: 'odd.one' });
    const deliveryId = await deliver(contract, epoch, run);
    const heard = await listen(contract);
    const { ledger } = contract.store;
    expect(await ledger.start(startOf('another', 't', 'r', 'unknown'))).toEqual([
      { status: 'dropped', runId: 'r' },
      { status: 'dropped', runId: 'unknown' },
    ]);
    expect(await heard()).toEqual([]);
    const answer = [{ status: 'started', run: startedRun(run) }];
    expect(await ledger.start(startOf(deliveryId, 't', 'r'))).toEqual(answer);
    const started = event('job_started', 1, START, {
      ...{ jobId: 'a:b "c"', runId: 'r', executor: 'odd.one' },
      workerId: 'w "1"',
      attempt: 1,
    });
    expect(await heard()).toEqual([started]);
    // A repeated call returns the same answer and publishes nothing.
    await contract.pass(5);
    expect(await ledger.start(startOf(deliveryId, 't', 'r'))).toEqual(answer);
    expect(await heard()).toEqual([]);
  });

  test('a delivery that is given to another worker starts again under another token', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = newRun('r', 'a');
    const deliveryId = await deliver(contract, epoch, run);
    const { ledger } = contract.store;
    await ledger.start(startOf(deliveryId, 'first', 'r'));
    const heard = await listen(contract);
    expect(await ledger.start(startOf(deliveryId, 'second', 'r'))).toEqual([
      { status: 'started', run: startedRun(run, { starts: 2 }) },
    ]);
    expect(await heard()).toMatchObject([{ type: 'job_started', seq: 2, attempt: 2 }]);
    expect(await ledger.settle({ op: op(), settlements: [executed('r', 'first')] })).toEqual(['void']);
    expect(await ledger.settle({ op: op(), settlements: [executed('r', 'second')] })).toEqual(['settled']);
  });

  test('a run that cannot be read is reported as such', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
    await contract.damage('run', 'r');
    const { ledger } = contract.store;
    expect(await ledger.start(startOf(deliveryId, 't', 'r'))).toEqual([{ status: 'unreadable', runId: 'r' }]);
    expect(await ledger.settle({ op: op(), settlements: [executed('r', 't')] })).toEqual(['void']);
    const heartbeat = { worker: worker('w'), leaseMs: 100, held: [{ runId: 'r', token: 't' }] };
    expect(await ledger.heartbeat(heartbeat)).toEqual({ isKnown: false, refused: ['r'], cancelled: [] });
  });

  test('a settled run is owed no more, its job may run again, and its outcome is kept', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    const { ledger, records } = contract.store;
    for (const [index, outcome] of (['executed', 'error', 'executed'] as const).entries()) {
      const runId = `r${index}`;
      const deliveryId = await deliver(contract, epoch, newRun(runId, 'a'));
      await ledger.start(startOf(deliveryId, 't', runId));
      await contract.pass(7);
      const heard = await listen(contract);
      const type = outcome === 'error' ? 'job_error' : 'job_executed';
      const call = {
        op: op(),
        settlements: [settlement(runId, outcome, { value: '7' })],
      };
      expect(await ledger.settle(call)).toEqual(['settled']);
      expect(await heard()).toMatchObject([
        { type, at: contract.now, runId, ...(outcome === 'executed' && { value: 7 }) },
      ]);
      expect(await ledger.settle(call)).toEqual(['settled']);
      expect(await ledger.settle({ ...call, op: op() })).toEqual(['void']);
      expect(await heard()).toEqual([]);
      expect(await ledger.start(startOf(deliveryId, 't', runId))).toEqual([{ status: 'dropped', runId }]);
    }
    const read = await records.read(['a']);
    expect(read.jobs).toMatchObject([{ last: `executed 1000 ${START + 21} 2 1` }]);
    expect((await records.list({ limit: 1, cursor: null })).jobs).toEqual(read.jobs);
    await put(contract, changing('a', { rev: 1, dueAt: null }, null));
    await put(contract, adding('a', null));
    expect((await records.read(['a'])).jobs).toMatchObject([{ last: null }]);
  });

  test('the outcome of a job that is gone, or of no job, is only reported', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const { ledger, records } = contract.store;
    for (const jobId of ['gone', null]) {
      const deliveryId = await deliver(contract, epoch, newRun('r', jobId));
      await ledger.start(startOf(deliveryId, 't', 'r'));
      expect(await ledger.settle({ op: op(), settlements: [executed('r', 't')] })).toEqual(['settled']);
    }
    await put(contract, adding('gone', null));
    expect((await records.read(['gone'])).jobs).toMatchObject([{ last: null }]);
  });

  test('a run of several fires is settled one by one, in order, each once', async () => {
    const contract = await open();
    await put(contract, adding('a', null));
    const epoch = await elect(contract);
    const run = newRun('r', 'a', { fires: three });
    const deliveryId = await deliver(contract, epoch, run);
    const { ledger, records } = contract.store;
    await ledger.start(startOf(deliveryId, 't', 'r'));
    const heard = await listen(contract);
    const settle = (...settlements: Settlement[]) => ledger.settle({ op: op(), settlements });
    expect(await settle(executed('r', 't', 1))).toEqual(['void']);
    expect(await settle(executed('r', 't', 0))).toEqual(['settled']);
    expect(await settle(executed('r', 't', 0))).toEqual(['void']);
    // Another worker continues where this one stopped.
    expect(await ledger.start(startOf(deliveryId, 'u', 'r'))).toEqual([
      { status: 'started', run: startedRun(run, { starts: 2, done: 1 }) },
    ]);
    expect(await settle(executed('r', 't', 1), executed('r', 'u', 1), executed('r', 'u', 2))).toEqual([
      'void',
      'settled',
      'settled',
    ]);
    expect(await heard()).toMatchObject([
      { type: 'job_executed', seq: 1, executionId: 'r.0' },
      { type: 'job_started', seq: 2, attempt: 2 },
      { type: 'job_executed', seq: 2, executionId: 'r.1' },
      { type: 'job_executed', seq: 3, executionId: 'r.2' },
    ]);
    expect((await records.read(['a'])).jobs).toMatchObject([{ last: `executed 3000 ${START} 3 0` }]);
    expect((await deliver(contract, epoch, newRun('next', 'a'))).length).toBeGreaterThan(0);
  });

  test('no settlement is not an outcome', async () => {
    const { store } = await open();
    expect(await store.ledger.settle({ op: op(), settlements: [] })).toEqual([]);
    expect(await store.ledger.start(startOf('d', 't'))).toEqual([]);
  });

  const late: readonly [string, Partial<NewRun>, object | null, number | null][] = [
    ['within its grace', { graceMs: 500 }, null, 0],
    ['1 ms beyond its grace', { graceMs: 499 }, { first: START - 500, last: START - 500 }, null],
    ['late without a limit', { graceMs: null }, null, 0],
    ['late by its jitter only', { graceMs: 0, fires: [{ fireTime: START - 500, dueAt: START }] }, null, 0],
    [
      'late for two of three fires',
      { graceMs: 10, fires: [30, 20, 10].map((ms) => ({ fireTime: START - ms - 1, dueAt: START - ms })) },
      { first: START - 31, last: START - 21 },
      2,
    ],
    [
      'late for all of three fires',
      { graceMs: 9, fires: [30, 20, 10].map((ms) => ({ fireTime: START - ms, dueAt: START - ms })) },
      { first: START - 30, last: START - 10 },
      null,
    ],
  ];
  for (const [how, more, missed, done] of late) {
    test(`a first start that is ${how}`, async () => {
      const contract = await open();
      const epoch = await elect(contract);
      const run = newRun('r', 'a', { fires: [{ fireTime: START - 500, dueAt: START - 500 }], ...more });
      const deliveryId = await deliver(contract, epoch, run);
      const heard = await listen(contract);
      const [outcome] = await contract.store.ledger.start(startOf(deliveryId, 't', 'r'));
      const events = missed ? [event('job_missed', 1, START, { jobId: 'a', runId: 'r', ...missed })] : [];
      if (done === null) {
        expect(outcome).toEqual({ status: 'ended', runId: 'r' });
        expect(await heard()).toEqual(events);
        expect(await deliver(contract, epoch, newRun('next', 'a'))).not.toBe('');
      } else {
        expect(outcome).toEqual({ status: 'started', run: startedRun(run, { done }) });
        expect(await heard()).toEqual([...events, expect.objectContaining({ type: 'job_started' })]);
      }
    });
  }

  test('fire times before 1970 are reported as they are', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await put(contract, adding('a', null));
    const fires = [-2_000, -1_000].map((fireTime) => ({ fireTime, dueAt: fireTime }));
    const first = await deliver(contract, epoch, newRun('late', 'b', { fires, graceMs: 5 }));
    const heard = await listen(contract);
    await contract.store.ledger.start(startOf(first, 't', 'late'));
    expect(await heard()).toMatchObject([{ type: 'job_missed', first: -2_000, last: -1_000 }]);
    const second = await deliver(contract, epoch, newRun('r', 'a', { fires }));
    await contract.store.ledger.start(startOf(second, 't', 'r'));
    await contract.store.ledger.settle({ op: op(), settlements: [executed('r', 't')] });
    expect((await contract.store.records.read(['a'])).jobs).toMatchObject([{ last: `executed -2000 ${START} 1 0` }]);
  });

  test('a later start is never too late', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = newRun('r', 'a', { fires: [{ fireTime: START, dueAt: START }], graceMs: 0 });
    const deliveryId = await deliver(contract, epoch, run);
    const { ledger } = contract.store;
    await ledger.start(startOf(deliveryId, 't', 'r'));
    await contract.pass(1_000);
    expect(await ledger.start(startOf(deliveryId, 'u', 'r'))).toMatchObject([{ status: 'started' }]);
  });

  test('a run that loses its workers too often without settling anything ends as an error', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a', { fires: three }));
    const { ledger } = contract.store;
    const start = async (token: string) => (await ledger.start(startOf(deliveryId, token, 'r')))[0]?.status;
    for (const token of ['1', '2', '3', '4']) expect(await start(token)).toBe('started');
    expect(await ledger.settle({ op: op(), settlements: [executed('r', '4')] })).toEqual(['settled']);
    for (const token of ['5', '6', '7']) expect(await start(token)).toBe('started');
    const heard = await listen(contract);
    expect(await start('8')).toBe('ended');
    const error = JSON.parse(WORKER_LOST);
    const reported = { jobId: 'a', runId: 'r', error };
    expect(await heard()).toEqual([
      event('job_error', 1, START, { ...reported, executionId: 'r.1', scheduledRunTime: 2_000 }),
      event('job_error', 2, START, { ...reported, executionId: 'r.2', scheduledRunTime: 3_000 }),
    ]);
    expect(await start('8')).toBe('dropped');
    expect(await deliver(contract, epoch, newRun('next', 'a'))).not.toBe('');
  });

  test('heartbeats renew what is held, and say what is not', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
    const { ledger, terms } = contract.store;
    await ledger.start(startOf(deliveryId, 't', 'r'));
    const held = [
      { runId: 'r', token: 't' },
      { runId: 'r', token: 'old' },
      { runId: 'gone', token: 't' },
    ];
    await contract.pass(99);
    expect(await ledger.heartbeat({ worker: worker('w'), leaseMs: 100, held })).toEqual({
      isKnown: false,
      refused: ['r', 'gone'],
      cancelled: [],
    });
    await contract.pass(99);
    const suspects = async () => (await terms.suspects({ limit: 10, cursor: '0' })).suspects;
    expect(await suspects()).toEqual([]);
    await contract.pass(1);
    expect(await suspects()).toEqual([{ runId: 'r', deliveryId, executor: 'default' }]);
  });

  test('a run that is handed back is delivered again at once, without a loss', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const run = newRun('r', 'a');
    let deliveryId = await deliver(contract, epoch, run);
    const { ledger } = contract.store;
    for (let time = 1; time <= 6; time++) {
      expect(await ledger.start(startOf(deliveryId, `t${time}`, 'r'))).toEqual([
        { status: 'started', run: startedRun(run, { starts: time }) },
      ]);
      const heard = await listen(contract);
      const held = [
        { runId: 'r', token: `t${time}` },
        { runId: 'r', token: 'old' },
        { runId: 'gone', token: 't' },
      ];
      await ledger.handBack({ held });
      await ledger.handBack({ held });
      expect(await heard()).toEqual([String(START)]);
      expect(await ledger.settle({ op: op(), settlements: [executed('r', `t${time}`)] })).toEqual(['void']);
      expect(await ledger.start(startOf(deliveryId, 'u', 'r'))).toEqual([{ status: 'dropped', runId: 'r' }]);
      const old = deliveryId;
      deliveryId = (await deliverAll(contract, epoch)).get('r') ?? '';
      expect(deliveryId).not.toBe(old);
    }
  });

  test('a run that was not started is handed back by its delivery, once it was delivered', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
    const { ledger, terms } = contract.store;
    await ledger.handBack({ held: [{ runId: 'r', token: 'another' }] });
    expect(await terms.due(1)).toMatchObject({ outboxAt: null });
    const heard = await listen(contract);
    for (let time = 0; time < 2; time++) await ledger.handBack({ held: [{ runId: 'r', token: deliveryId }] });
    expect(await heard()).toEqual([String(START)]);
    expect(await terms.due(1)).toMatchObject({ outboxAt: START });
    expect(await ledger.start(startOf(deliveryId, 't', 'r'))).toEqual([{ status: 'dropped', runId: 'r' }]);
    const again = (await deliverAll(contract, epoch)).get('r') ?? '';
    expect(await ledger.start(startOf(again, 't', 'r'))).toMatchObject([{ status: 'started' }]);
    // Once the run was started, its delivery is no longer valid for handing it back.
    await ledger.handBack({ held: [{ runId: 'r', token: again }] });
    expect(await ledger.settle({ op: op(), settlements: [executed('r', 't')] })).toEqual(['settled']);
  });

  test('a run can be handed back for later: it is delivered no sooner, and a repeated call changes nothing', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r', 'a'));
    const { ledger, terms } = contract.store;
    await ledger.start(startOf(deliveryId, 't', 'r'));
    const heard = await listen(contract);
    await ledger.handBack({ held: [{ runId: 'r', token: 't' }], delayMs: 700 });
    await ledger.handBack({ held: [{ runId: 'r', token: 't' }], delayMs: 5_000 });
    expect(await heard()).toEqual([String(START + 700)]);
    expect(await terms.due(1)).toMatchObject({ outboxAt: START + 700 });
    expect((await deliverAll(contract, epoch)).get('r')).toBeUndefined();
  });

  test('a worker joins once, is lost when it is silent for long, and may leave', async () => {
    const contract = await open();
    const { store } = contract;
    const { ledger, terms } = store;
    const epoch = await elect(contract);
    const heard = await listen(contract);
    const join = (id: string) => ledger.join({ worker: worker(id), ...NOTHING, event: joined(id) });
    for (const id of ['a', 'a', 'b', 'c']) await join(id);
    expect(await heard()).toEqual(['a', 'b', 'c'].map((id, index) => event('worker_joined', index + 1, START, { id })));
    for (const id of ['c', 'c', 'nobody']) await ledger.leave(id);
    expect(await heard()).toEqual([event('worker_left', 1, START, { workerId: 'c', cause: 'stopped' })]);
    await join('new "é/"');
    await contract.pass(50);
    const beat = (id: string) => ledger.heartbeat({ worker: worker(id), leaseMs: 100, held: [] });
    for (const id of ['b', 'new "é/"']) expect(await beat(id)).toMatchObject({ isKnown: true });
    await heard();
    expect(await terms.loseWorkers({ epoch, silentMs: 51 })).toEqual({ status: 'done', value: [] });
    expect(await terms.loseWorkers({ epoch, silentMs: 50 })).toEqual({ status: 'done', value: ['a'] });
    await contract.pass(50);
    expect(await terms.loseWorkers({ epoch, silentMs: 50 })).toEqual({ status: 'done', value: ['b', 'new "é/"'] });
    expect(await heard()).toEqual([
      event('worker_left', 2, START + 50, { workerId: 'a', cause: 'lost' }),
      event('worker_left', 3, START + 100, { workerId: 'b', cause: 'lost' }),
      event('worker_left', 4, START + 100, { workerId: 'new "é/"', cause: 'lost' }),
    ]);
    expect(await terms.loseWorkers({ epoch: epoch - 1, silentMs: 0 })).toEqual({ status: 'over' });
    // A worker that was counted dead but lives has to join again: its heartbeat alone does not make it known.
    expect(await beat('a')).toEqual({ isKnown: false, refused: [], cancelled: [] });
    expect((await store.records.inspect({ runs: 1, quarantined: 1 })).workers).toEqual([]);
    await join('a');
    expect(await heard()).toMatchObject([{ type: 'worker_joined', seq: 5 }]);
    expect(await beat('a')).toMatchObject({ isKnown: true });
  });

  test('for how long no worker has a task: since it was first missed, by executor, until a worker has it', async () => {
    const contract = await open();
    const { ledger } = contract.store;
    const seen = (isThere = false, forgetMs: number | null = null, executor = 'default', task = 'a task: "ü"') =>
      ledger.noteTask({ executor, task, isThere, forgetMs, lookedAt: LATER });
    expect(await seen()).toBe(0);
    await contract.pass(700);
    expect([await seen(), await seen()]).toEqual([700, 700]);
    // Another executor or another task has a time of its own.
    expect([await seen(false, null, 'other'), await seen(false, null, 'default', 'b')]).toEqual([0, 0]);
    // An older look counts if the caller's `forgetMs` covers it or is null.
    await contract.pass(1_000);
    expect(await seen(false, 1_000)).toBe(1_700);
    await contract.pass(1_001);
    expect(await seen(false, null)).toBe(2_701);
    await contract.pass(1_001);
    expect([await seen(false, 1_000), await seen()]).toEqual([0, 0]);
    await contract.pass(50);
    expect([await seen(true), await seen(true)]).toEqual([0, 0]);
    await contract.pass(50);
    expect(await seen()).toBe(0);
    expect(await seen(false, null, 'other')).toBe(3_102);
  });

  test('what was seen before a worker joined begins no time without a task, however late it comes, and takes none away', async () => {
    const contract = await open();
    const { ledger } = contract.store;
    const missed = (lookedAt: number, task = 'a') =>
      ledger.noteTask({ executor: 'one', task, isThere: false, forgetMs: null, lookedAt });
    expect(await missed(START, 'b')).toBe(0);
    await contract.pass(100);
    await ledger.join({ worker: worker('v'), executors: ['one'], tasks: ['a'], event: joined('v') });
    // The first look is that of a worker that has stood still since START.
    await contract.pass(50);
    expect([await missed(START), await missed(START, 'b')]).toEqual([0, 150]);
    await contract.pass(30_000);
    await ledger.leave('v');
    expect([await missed(START + 30_150), await missed(START + 30_150, 'b')]).toEqual([0, 30_150]);
    await contract.pass(20);
    expect(await missed(START + 30_170)).toBe(20);
  });

  test('a worker that joins with a task ends the time without it, in each executor that it serves', async () => {
    const contract = await open();
    const { ledger } = contract.store;
    const tasks = ['a', 'b c', 'd'];
    const executors = ['one', 'two', 'three'];
    const seen = { isThere: false, forgetMs: null, lookedAt: LATER };
    const missed = async () => {
      const all: Record<string, number> = {};
      for (const executor of executors)
        for (const task of tasks) all[`${executor} ${task}`] = await ledger.noteTask({ ...seen, executor, task });
      return all;
    };
    await missed();
    await contract.pass(100);
    for (const serves of [NOTHING, { executors, tasks: [] }, { executors: [], tasks }])
      await ledger.join({ worker: worker('w'), ...serves, event: joined('w') });
    expect(new Set(Object.values(await missed()))).toEqual(new Set([100]));
    const serves = { executors: ['one', 'three'], tasks: ['b c', 'd', 'e'] };
    await ledger.join({ worker: worker('v'), ...serves, event: joined('v') });
    const ended = Object.entries(await missed()).flatMap(([key, ms]) => (ms === 0 ? [key] : []));
    expect(ended).toEqual(['one b c', 'one d', 'three b c', 'three d']);
  });
});
