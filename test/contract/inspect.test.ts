import { expect, it } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { adding, at, deliver, elect, newRun, op, put } from '../support/contract-records.js';

const NOTHING = { executors: [], tasks: [] };
const reported = (type: string) => ({ type, about: { jobStore: 'default' } });
const ALL = { runs: 100, quarantined: 100 };
const enter = ({ store }: TestedStore, id: string, jobId: string | null = null) =>
  store.records.submit({ op: op(), run: newRun(id, jobId) });

jobStoreContract('inspect', (open) => {
  it('of an empty store: nothing', async () => {
    const contract = await open();
    expect(await contract.store.records.inspect(ALL)).toEqual({
      now: contract.now,
      format: { format: 1, lowest: 1 },
      readers: [],
      ledUntil: null,
      epoch: null,
      paused: false,
      counts: { jobs: 0, schedule: 0, outbox: 0, runs: 0, leases: 0, quarantine: 0 },
      nextDueAt: null,
      outboxAt: null,
      workers: [],
      runs: [],
      queues: [],
      quarantined: [],
    });
  });

  it('reports jobs, paused ones too, and when the first is due', async () => {
    const contract = await open();
    const { now, store } = contract;
    await put(contract, adding('late', at(now + 9_000)), adding('soon', at(now + 5_000)), adding('paused', null));
    const look = await store.records.inspect(ALL);
    expect(look.counts).toMatchObject({ jobs: 3, schedule: 2 });
    expect(look.nextDueAt).toBe(now + 5_000);
  });

  it('reports whether the store is paused', async () => {
    const { store } = await open();
    await store.records.setPaused({ paused: true, event: reported('scheduler_paused') });
    expect((await store.records.inspect(ALL)).paused).toBe(true);
  });

  it('reports who leads: until when the lock is held, and the epoch', async () => {
    const contract = await open();
    const { backend, store } = contract;
    const epoch = await elect(contract);
    expect(await store.records.inspect(ALL)).toMatchObject({ ledUntil: null, epoch });
    const lock = await backend.election('default', 60_000).acquire();
    expect(lock).not.toBeNull();
    const { ledUntil, now } = await store.records.inspect(ALL);
    expect((ledUntil ?? 0) - now).toBeGreaterThan(30_000);
    expect((ledUntil ?? 0) - now).toBeLessThanOrEqual(60_000);
  });

  it('reports the runs that are owed, in the outbox and started, as many as asked for', async () => {
    const contract = await open();
    const { now, store } = contract;
    const epoch = await elect(contract);
    const deliveryId = await deliver(contract, epoch, newRun('r1', 'job', { executor: 'mail' }));
    await store.ledger.start({
      deliveryId,
      runIds: ['r1'],
      token: 't',
      workerId: 'w',
      leaseMs: 5_000,
      maxWorkerLosses: 3,
    });
    await contract.pass(1_000);
    await enter(contract, 'r2');
    await enter(contract, 'r3');
    const look = await store.records.inspect(ALL);
    expect(look.counts).toMatchObject({ runs: 3, outbox: 2, leases: 1 });
    expect(look.outboxAt).toBe(now + 1_000);
    const dueAt = newRun('r1', 'job').fires[0]?.dueAt;
    const { maxInstances } = newRun('r1', 'job');
    const ofNone = { jobId: null, task: 't', executor: 'default' };
    const fresh = { state: 'undelivered', dueAt, starts: 0, maxInstances };
    expect([...look.runs].sort((a, b) => (a.runId < b.runId ? -1 : 1))).toEqual([
      {
        runId: 'r1',
        jobId: 'job',
        task: 't',
        executor: 'mail',
        state: 'running',
        dueAt,
        starts: 1,
        maxInstances,
      },
      { runId: 'r2', ...ofNone, ...fresh },
      { runId: 'r3', ...ofNone, ...fresh },
    ]);
    // Started runs come first.
    const few = await store.records.inspect({ runs: 2, quarantined: 0 });
    expect(few.runs.map(({ runId }) => runId)).toEqual(['r1', expect.stringMatching(/^r[23]$/)]);
  });

  it('reports workers with what they serve, and when they were heard of', async () => {
    const contract = await open();
    const { now, store } = contract;
    const worker = { workerId: 'w', json: '{"executors":[]}' };
    await store.ledger.join({ worker, ...NOTHING, event: reported('worker_joined') });
    await contract.pass(1_000);
    await store.ledger.join({ worker: { workerId: 'v', json: '{}' }, ...NOTHING, event: reported('worker_joined') });
    expect((await store.records.inspect(ALL)).workers).toEqual([
      { ...worker, heardAt: now },
      { workerId: 'v', json: '{}', heardAt: now + 1_000 },
    ]);
  });

  it('reports records that cannot be read, and of those in quarantine, why they are there', async () => {
    const contract = await open();
    const { now, store } = contract;
    const epoch = await elect(contract);
    await put(contract, adding('bad', at(now)));
    await contract.damage('job', 'bad');
    const job = { id: 'bad', dueAt: now, rev: null, why: 'a "test"', event: reported('job_quarantined') };
    await store.terms.quarantineJobs({ epoch, jobs: [job] });
    await enter(contract, 'r1');
    await contract.damage('run', 'r1');
    const look = await store.records.inspect(ALL);
    expect(look.counts).toMatchObject({ jobs: 0, schedule: 0, quarantine: 1, runs: 1 });
    expect(look.runs).toEqual([
      {
        ...{ runId: 'r1', jobId: null, task: null, executor: '' },
        ...{ state: null, dueAt: null, starts: null, maxInstances: null },
      },
    ]);
    expect(look.quarantined.map(({ id, json }) => ({ id, ...JSON.parse(json) }))).toEqual([
      { id: 'bad', why: 'a "test"', at: now },
    ]);
    expect((await store.records.inspect({ runs: 100, quarantined: 0 })).quarantined).toEqual([]);
  });
});
