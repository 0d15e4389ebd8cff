import type { Claim, StoreMeasure } from '@carillon/core/internal';
import { expect, it } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { adding, at, changing, deliver, deliverAll, elect, newRun, op, put } from '../support/contract-records.js';
import { running, settle, settlement, submit } from '../support/contract-runs.js';

const reported = (type: string) => ({ type, about: { jobStore: 'default' } });
const measure = ({ store }: TestedStore, more: { jobs?: number; executors?: string[] } = {}) =>
  store.records.measure({ jobs: 100, executors: [], ...more });
const eventsOf = ({ events }: StoreMeasure) => Object.fromEntries(events.map(({ type, count }) => [type, count]));
const metered = (id: string) => ({ digest: 'digest', json: `{"metrics":true,"of":"${id}"}` });

/** A new job that asks for metrics of its own. */
function asking(id: string, dueAt: number | null, fireTime = dueAt ?? 0) {
  const pending = dueAt === null ? null : at(dueAt, fireTime);
  const { expected, events } = adding(id, null);
  return { id, expected, events, record: { ...metered(id), pending, newGeneration: true } };
}

jobStoreContract('measure', (open) => {
  it('of an empty store: nothing', async () => {
    const contract = await open();
    expect(await measure(contract)).toEqual({
      ...{ now: contract.now, isLed: false, epoch: null, paused: false },
      counts: { jobs: 0, schedule: 0, runs: 0, outbox: 0, leases: 0, waiting: 0, quarantine: 0 },
      ...{ nextDueAt: null, outboxAt: null },
      ...{ events: [], coordinators: [], workers: [], executors: [], metered: 0, jobs: [] },
    });
  });

  it('counts jobs, runs in each state, and the events of each type', async () => {
    const contract = await open();
    const { now, store } = contract;
    await put(contract, adding('late', at(now + 9_000)), adding('soon', at(now + 5_000)), adding('paused', null));
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('started', 'job', { executor: 'mail', overlap: 'queue' }));
    await submit(contract, newRun('waits', 'job', { executor: 'mail', overlap: 'queue' }));
    await deliver(contract, epoch, newRun('queued', null));
    await contract.pass(1_000);
    await submit(contract, newRun('in the outbox', null));
    const measured = await measure(contract);
    expect(measured).toMatchObject({ epoch, paused: false, nextDueAt: now + 5_000, outboxAt: now + 1_000 });
    expect(measured.counts).toEqual({ jobs: 3, schedule: 2, runs: 4, outbox: 1, leases: 1, waiting: 1, quarantine: 0 });
    expect(eventsOf(measured)).toEqual({ job_added: 3, leader_elected: 1, job_submitted: 3, job_started: 1 });
    await settle(contract, settlement('started', 'executed'));
    expect(eventsOf(await measure(contract))).toMatchObject({ job_executed: 1, job_submitted: 4 });
    await store.records.setPaused({ paused: true, event: reported('scheduler_paused') });
    expect((await measure(contract)).paused).toBe(true);
  });

  it('reports who contends and who of them leads, and forgets the silent', async () => {
    const contract = await open();
    const { backend, store } = contract;
    const show = (coordinatorId: string, epoch: number | null) =>
      store.contenders.show({
        ...{ coordinatorId, aliveMs: 60_000, number: 1, leads: 1, epoch, born: null },
        emptied: reported('jobstore_emptied'),
      });
    const lock = await backend.election('default', 120_000).acquire();
    const epoch = await store.terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' });
    await show('a', null);
    await show('b', epoch);
    const { isLed, coordinators } = await measure(contract);
    expect(isLed).toBe(true);
    expect([...coordinators].sort((one, other) => (one.coordinatorId < other.coordinatorId ? -1 : 1))).toEqual([
      { coordinatorId: 'a', leads: false },
      { coordinatorId: 'b', leads: true },
    ]);
    await lock?.release();
    expect((await measure(contract)).coordinators.filter(({ leads }) => leads)).toEqual([]);
    await contract.pass(61_000);
    expect(await measure(contract)).toMatchObject({ isLed: false, coordinators: [] });
  });

  it('reports the queues of executors that workers serve, that owed runs name, and that the caller knows', async () => {
    const contract = await open();
    const { backend, store } = contract;
    const json = JSON.stringify({ executors: [{ alias: 'mail', kind: 'async', concurrency: 2 }] });
    const nothing = { executors: ['mail'], tasks: [] };
    await store.ledger.join({ worker: { workerId: 'w', json }, ...nothing, event: reported('worker_joined') });
    await submit(contract, newRun('r', null, { executor: 'unserved' }));
    const delivery = { id: 'd0', executor: 'mail', priority: 0, runIds: ['x'] };
    const queue = backend.deliveryQueue('default');
    const before = (await measure(contract)).executors.find(({ executor }) => executor === 'mail');
    expect(before).toEqual({ executor: 'mail', waiting: 0, taken: 0, oldestAt: null });
    await queue.add([delivery, { ...delivery, id: 'd1', priority: 3 }, { ...delivery, id: 'd2', priority: 7 }]);
    await queue.close();
    const { executors, workers } = await measure(contract, { executors: ['known', 'mail'] });
    expect(workers).toEqual([{ workerId: 'w', heardAt: contract.now, json }]);
    expect(executors).toEqual([
      { executor: 'mail', waiting: 3, taken: 0, oldestAt: expect.any(Number) },
      { executor: 'known', waiting: 0, taken: 0, oldestAt: null },
      { executor: 'unserved', waiting: 0, taken: 0, oldestAt: null },
    ]);
  });

  it('reports jobs that ask for metrics: those that asked first, with their next fire time and last outcome', async () => {
    const contract = await open();
    const { now } = contract;
    await put(contract, adding('other', at(now + 1)), asking('a', now + 5_000));
    await contract.pass(1);
    await put(contract, asking('b', now + 9_000, now + 8_000));
    await contract.pass(1);
    await put(contract, asking('c', null));
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('r', 'a'));
    await settle(contract, settlement('r', 'executed'));
    const { metered, jobs } = await measure(contract);
    expect(metered).toBe(3);
    expect(jobs).toEqual([
      { id: 'a', nextFireTime: now + 5_000, last: expect.stringMatching(/^(executed|x) /) },
      { id: 'b', nextFireTime: now + 8_000, last: null },
      { id: 'c', nextFireTime: null, last: null },
    ]);
    const few = await measure(contract, { jobs: 1 });
    expect([few.metered, few.jobs.map(({ id }) => id)]).toEqual([3, ['a']]);
  });

  it('forgets jobs that end with their runs, several in a call', async () => {
    const contract = await open();
    const { now, store } = contract;
    const ids = ['a', 'b'];
    for (const id of [...ids, 'goes on']) await put(contract, asking(id, now));
    const epoch = await elect(contract);
    const claims = ids.map((id, index) => ({
      ...{ id, expected: { rev: index + 1, dueAt: now }, next: null, tombstone: null },
      ...{ run: newRun(`run-of-${id}`, id), deliveryId: 'd' },
      events: { missed: null, removed: { type: 'job_removed', about: { jobStore: 'default', jobId: id } } },
    }));
    const value = ids.map(() => 'submitted');
    expect(await store.terms.claim({ epoch, claims })).toEqual({ status: 'done', value });
    const { metered, jobs } = await measure(contract);
    expect([metered, jobs.map(({ id }) => id)]).toEqual([1, ['goes on']]);
  });

  it('forgets a job that asks no more, is removed, finishes, or goes to quarantine, and knows one that is put back', async () => {
    const contract = await open();
    const { now, store } = contract;
    const due = ['asks no more', 'removed', 'finished', 'quarantined'];
    for (const id of due) await put(contract, asking(id, now));
    await put(contract, adding('asks later', at(now)));
    const known = async () => (await measure(contract)).jobs.map(({ id }) => id);
    expect(await known()).toEqual([...due].sort());

    const { jobs } = await store.records.read([...due, 'asks later']);
    const revs = new Map(jobs.map((job) => [job?.id ?? '', job?.rev ?? 0]));
    const as = (id: string) => ({ rev: revs.get(id) ?? 0, dueAt: 'any' as const });
    await put(contract, changing('asks no more', as('asks no more'), { pending: at(now) }));
    await put(contract, changing('removed', as('removed'), null));
    await put(contract, changing('asks later', as('asks later'), { ...metered('asks later'), pending: 'kept' }));
    const epoch = await elect(contract);
    const claim: Claim = {
      ...{ id: 'finished', expected: { rev: revs.get('finished') ?? 0, dueAt: now } },
      ...{ run: null, deliveryId: null, next: null, tombstone: null },
      events: { missed: null, removed: { type: 'job_removed', about: { jobStore: 'default', jobId: 'finished' } } },
    };
    expect(await store.terms.claim({ epoch, claims: [claim] })).toEqual({ status: 'done', value: ['claimed'] });
    const rev = revs.get('quarantined') ?? 0;
    const bad = { id: 'quarantined', dueAt: now, rev, why: 'a test', event: reported('job_quarantined') };
    await store.terms.quarantineJobs({ epoch, jobs: [bad] });
    expect(await known()).toEqual(['asks later']);
    expect((await measure(contract)).metered).toBe(1);

    const back = { op: op(), name: 'quarantined', id: 'quarantined', event: reported('job_added') };
    expect(await store.records.restoreJob(back)).toBe('restored');
    expect((await known()).sort()).toEqual(['asks later', 'quarantined']);
    await deliverAll(contract, epoch);
  });
});
