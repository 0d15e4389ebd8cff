import { expect, it } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, elect, event, listen, newRun, op, put } from '../support/contract-records.js';

const reported = (type: string) => ({ type, about: { jobStore: 'default' } });
const ALL = { name: null, limit: 100 };

/** Adds due jobs and moves them to quarantine as they were stored. Returns the epoch. */
async function quarantine(contract: TestedStore, ...ids: readonly string[]): Promise<number> {
  const { now, store } = contract;
  const epoch = await elect(contract);
  for (const id of ids) await put(contract, adding(id, at(now + 300, now)));
  const { jobs: read } = await store.records.read(ids);
  const revs = read.map((job) => job?.rev ?? null);
  const jobs = ids.map((id, index) => ({
    id,
    rev: revs[index] ?? null,
    dueAt: now + 300,
    why: `why ${id}`,
    event: reported('job_quarantined'),
  }));
  await store.terms.quarantineJobs({ epoch, jobs });
  return epoch;
}

const restoring = (name: string, id = name) => ({ op: op(), name, id, event: reported('job_added') });

jobStoreContract('quarantine', (open) => {
  it('reports records in the order of the bytes of their names', async () => {
    const contract = await open();
    const names = ['a', 'ab', 'b', 'é', '\uffee', '\u{1f600}'];
    await quarantine(contract, ...names.toReversed());
    expect((await contract.store.records.quarantined(ALL)).map(({ name }) => name)).toEqual(names);
  });

  it('reports records by name, or the one of a name, as they were', async () => {
    const contract = await open();
    const { now, store } = contract;
    expect(await store.records.quarantined(ALL)).toEqual([]);
    await quarantine(contract, 'b', 'a', 'c');
    const { records } = store;
    expect((await records.quarantined(ALL)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect((await records.quarantined({ name: null, limit: 2 })).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await records.quarantined({ name: 'nobody', limit: 1 })).toEqual([]);
    const [record] = await records.quarantined({ name: 'b', limit: 1 });
    expect(record).toMatchObject({ name: 'b', why: 'why b', at: now, movedTo: null });
    const pending = { fireTime: now, dueAt: now + 300 };
    expect(record?.job).toMatchObject({ id: 'b', digest: 'digest', json: '{"of":"b"}', pending, last: null });
    expect(record?.raw).toMatch(/^\d+ \d+ digest \{"of":"b"\}$/);
  });

  it('a job that is put back is the one that is due, though the leader knew another one of its id', async () => {
    const contract = await open();
    const { now, store } = contract;
    const epoch = await elect(contract);
    const due = async () => (await store.terms.due(200)).jobs;
    const added = async (json: string) => {
      const { record, ...change } = adding('x', at(now - 1));
      await put(contract, { ...change, record: record && { ...record, json } });
      for (const _ of [1, 2]) expect(await due()).toMatchObject([{ id: 'x', json }]);
      const [job] = await due();
      const gone = { id: 'x', rev: job?.rev ?? null, dueAt: now - 1, why: 'why', event: reported('job_quarantined') };
      await store.terms.quarantineJobs({ epoch, jobs: [gone] });
      expect(await due()).toEqual([]);
    };
    await added('{"of":"the first"}');
    await added('{"of":"the second"}');
    expect(await store.records.restoreJob(restoring('x'))).toBe('restored');
    expect(await due()).toMatchObject([{ id: 'x', json: '{"of":"the first"}' }]);
  });

  it('a job that is put back is the one that it was, and due when it was', async () => {
    const contract = await open();
    const { now, store } = contract;
    const before = await (async () => {
      await put(contract, adding('x', at(now + 300, now)));
      return (await store.records.read(['x'])).jobs;
    })();
    const epoch = await elect(contract);
    const job = { id: 'x', rev: 1, dueAt: now + 300, why: 'why', event: reported('job_quarantined') };
    await store.terms.quarantineJobs({ epoch, jobs: [job] });
    expect((await store.records.read(['x'])).jobs).toEqual([null]);
    expect(await store.records.restoreJob(restoring('x'))).toBe('restored');
    expect((await store.records.read(['x'])).jobs).toEqual(before);
    expect(await store.records.quarantined(ALL)).toEqual([]);
    expect((await store.records.inspect({ runs: 0, quarantined: 0 })).nextDueAt).toBe(now + 300);
  });

  it('says so alike when it is repeated, and publishes once', async () => {
    const contract = await open();
    const { now, store } = contract;
    await quarantine(contract, 'x');
    const params = restoring('x');
    for (const _ of [1, 2]) expect(await store.records.restoreJob(params)).toBe('restored');
    expect(await store.records.restoreJob(restoring('x'))).toBe('gone');
    const { events } = await store.records.events({ after: { before: now - 60_000 }, limit: 100 });
    expect(events.filter(({ message }) => message.includes('"job_added"'))).toHaveLength(2);
  });

  it('is not put back over a job of its id, nor where there is no such record', async () => {
    const contract = await open();
    const { store } = contract;
    await quarantine(contract, 'x');
    await put(contract, adding('x', null));
    const before = (await store.records.read(['x'])).jobs;
    expect(await store.records.restoreJob(restoring('x'))).toBe('exists');
    expect((await store.records.read(['x'])).jobs).toEqual(before);
    expect(await store.records.quarantined(ALL)).toHaveLength(1);
    expect(await store.records.restoreJob(restoring('nobody'))).toBe('gone');
  });

  it('a second record of an id has a name of its own, and the id of the first', async () => {
    const contract = await open();
    const { now, store } = contract;
    await quarantine(contract, 'x');
    await quarantine(contract, 'x');
    const records = await store.records.quarantined(ALL);
    expect(records.map(({ name, job }) => [name, job?.id])).toEqual([
      ['x', 'x'],
      [`x@${now}`, 'x'],
    ]);
    expect(await store.records.restoreJob(restoring(`x@${now}`, 'x'))).toBe('restored');
    expect((await store.records.read(['x'])).jobs).toMatchObject([{ id: 'x' }]);
  });

  it('the record of a run is of no job, and is not put back', async () => {
    const contract = await open();
    const { store } = contract;
    const epoch = await elect(contract);
    await store.records.submit({ op: op(), run: newRun('r', null) });
    await contract.damage('run', 'r');
    await store.terms.quarantineRuns({ epoch, runs: [{ id: 'r', why: 'why', event: reported('job_quarantined') }] });
    expect(await store.records.quarantined(ALL)).toMatchObject([{ name: 'r', job: null, raw: expect.any(String) }]);
    expect(await store.records.restoreJob(restoring('r'))).toBe('unfit');
    expect((await store.records.read(['r'])).jobs).toEqual([null]);
  });

  it('is forgotten once, and says so alike when it is repeated', async () => {
    const contract = await open();
    const { records } = contract.store;
    await quarantine(contract, 'x');
    const heard = await listen(contract);
    const about = { jobStore: 'default', id: 'x', actor: 'ann' };
    const params = { op: op(), name: 'x', event: { type: 'quarantine_removed', about } };
    for (const _ of [1, 2]) expect(await records.forgetQuarantined(params)).toBe(true);
    expect(await records.forgetQuarantined({ ...params, op: op() })).toBe(false);
    expect(await heard()).toEqual([event('quarantine_removed', 1, START, { id: 'x', actor: 'ann' })]);
    expect(await records.quarantined(ALL)).toEqual([]);
    expect(await records.restoreJob(restoring('x'))).toBe('gone');
  });

  it('is for what is still as it was read: a job that was changed, removed or added again meanwhile stays as it is', async () => {
    const due = START - 5;
    const why = 'why';
    const contract = await open();
    const { records, terms } = contract.store;
    const epoch = await elect(contract);
    const changes: Record<string, (rev: number) => Promise<void>> = {
      changed: (rev) => put(contract, changing('changed', { rev, dueAt: due }, { pending: 'kept' })),
      rescheduled: (rev) => put(contract, changing('rescheduled', { rev, dueAt: due }, { pending: at(due, due - 1) })),
      removed: (rev) => put(contract, changing('removed', { rev, dueAt: due }, null)),
      again: async (rev) => {
        await put(contract, changing('again', { rev, dueAt: due }, null));
        await put(contract, adding('again', at(due)));
      },
      damaged: () => contract.damage('job', 'damaged'),
    };
    const ids = [...Object.keys(changes), 'same', 'unreadable'];
    for (const id of ids) await put(contract, adding(id, at(due)));
    await contract.damage('job', 'unreadable');
    const { jobs } = await terms.due(100);
    expect(jobs.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(jobs.find(({ id }) => id === 'unreadable')?.rev).toBeNull();
    for (const { id, rev } of jobs) await changes[id]?.(rev ?? Number.NaN);
    const before = (await records.read(ids)).jobs;
    const event = reported('job_quarantined');
    // With a rev that is not its own, no readable job is moved either.
    for (const wrong of [null, 0, 9_999, 1.5]) {
      const readable = jobs.filter(({ rev }) => rev !== null);
      await terms.quarantineJobs({
        epoch,
        jobs: readable.map(({ id }) => ({ id, rev: wrong, dueAt: due, why, event })),
      });
    }
    const moved = async () => (await records.quarantined(ALL)).map(({ name }) => name);
    // A job that was claimed since is not moved: its rev is the same, but it is due at another instant.
    const claimed = jobs.map(({ id, rev }) => ({ id, rev, dueAt: due - 1, why, event }));
    await terms.quarantineJobs({ epoch, jobs: claimed.filter(({ id }) => id === 'same') });
    // A header that cannot be read now was read by no other process.
    expect(await moved()).toEqual(['damaged']);
    await terms.quarantineJobs({ epoch, jobs: jobs.map(({ id, rev }) => ({ id, rev, dueAt: due, why, event })) });
    expect((await moved()).sort()).toEqual(['damaged', 'same', 'unreadable']);
    const after = (await records.read(ids)).jobs;
    for (const [index, id] of ids.entries()) {
      const isMoved = ['damaged', 'same', 'unreadable'].includes(id);
      expect(after[index], id).toEqual(isMoved ? null : before[index]);
    }
  });
});
