import { cron, interval, Scheduler } from '@carillon/core';
import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { adding, at, changing, listen, op, put } from '../support/contract-records.js';
import { openAlone } from '../support/contract-redis-alone.js';
import { silent } from '../support/in-process.js';

const DUE = START - 50;
const HOUR = 3_600_000;

/** Records that cannot be read. Each job is due, will be due, or is paused. */
const JSONS = ['', 'garbage', '{}', '{"v":99}', '{"of":"another program"}'];
const PENDING = [at(DUE), at(START + HOUR), null];

/** Jobs that cannot be read, by id. */
async function unreadable(contract: TestedStore): Promise<string[]> {
  const ids: string[] = [];
  for (const pending of PENDING) {
    for (const json of [...JSONS, null]) {
      const id = `job ${ids.length}`;
      const change = adding(id, pending);
      const record = change.record && { ...change.record, json: json ?? '{}' };
      await put(contract, { ...change, record });
      if (json === null) await contract.damage('job', id);
      ids.push(id);
    }
  }
  return ids;
}

/** A scheduler that is closed with its backend. */
const schedulerOf = ({ backend }: TestedStore) => new Scheduler({ backend, logger: silent });

/** The published events of these types, in order. */
async function reported(contract: TestedStore, types: readonly string[]) {
  const { events } = await contract.store.records.events({ after: { before: 0 }, limit: 1_000 });
  return events.map(({ message }) => JSON.parse(message)).filter(({ type }) => types.includes(type));
}

jobStoreContract('a job that cannot be read', (open) => {
  test('what needs to know it is refused with what to do, whatever is wrong with it, and nothing is written', async () => {
    const contract = await open();
    const ids = await unreadable(contract);
    const scheduler = schedulerOf(contract);
    const before = (await contract.store.records.read(ids)).jobs;
    const heard = await listen(contract);
    const calls: Record<string, (id: string) => Promise<unknown>> = {
      getJob: (id) => scheduler.getJob(id),
      pauseJob: (id) => scheduler.pauseJob(id),
      resumeJob: (id) => scheduler.resumeJob(id),
      modifyJob: (id) => scheduler.modifyJob(id, { name: 'new' }),
      'modifyJob that pauses': (id) => scheduler.modifyJob(id, { nextRunTime: null }),
      rescheduleJob: (id) => scheduler.rescheduleJob(id, interval('1h')),
      runJob: (id) => scheduler.runJob(id),
    };
    for (const [name, call] of Object.entries(calls)) {
      for (const id of ids) {
        const error = await call(id).catch((thrown: unknown) => thrown);
        expect(error, `${name} of ${id}`).toMatchObject({
          name: 'UnreadableJobError',
          code: 'UNREADABLE_JOB',
          jobId: id,
        });
        expect(String(error)).toMatch(/cannot be read \(.+\): add it again with replaceExisting, remove it, or use/);
      }
    }
    for (const id of ids)
      await expect(scheduler.addJob({ id, task: 'ping' })).rejects.toMatchObject({ code: 'CONFLICTING_ID' });
    // Calls about many jobs, or about runs, still work.
    expect((await scheduler.getJobs()).jobs).toEqual([]);
    expect(await scheduler.getRuns(ids[0] ?? '')).toEqual([]);
    expect((await scheduler.inspect()).counts.jobs).toBe(ids.length);
    expect((await contract.store.records.read(ids)).jobs).toEqual(before);
    expect(await heard()).toEqual([]);
  });

  test('it is replaced as a whole with replaceExisting; a fire that it owed is missed', async () => {
    const contract = await open();
    const ids = await unreadable(contract);
    const scheduler = schedulerOf(contract);
    const trigger = cron('0 12 * * *', { timezone: 'UTC' });
    const spec = (id: string) => ({ id, task: 'ping', trigger, replaceExisting: true });
    const [first = '', ...others] = ids;
    expect(await scheduler.addJob(spec(first))).toMatchObject({
      nextRunTime: new Date(START + 12 * HOUR),
      finished: false,
    });
    await scheduler.addJobs([...others.map(spec), { id: 'other', task: 'ping', nextRunTime: null }]);
    const { jobs } = await scheduler.getJobs();
    expect(jobs.map(({ id }) => id).sort()).toEqual([...ids, 'other'].sort());
    for (const { id, nextRunTime } of jobs)
      if (id !== 'other') expect(nextRunTime).toEqual(new Date(START + 12 * HOUR));
    const owed = ids.slice(0, JSONS.length + 1);
    const missed = { task: '', runId: null, first: DUE, last: DUE };
    expect(await reported(contract, ['job_missed'])).toMatchObject(owed.map((jobId) => ({ jobId, ...missed })));
    expect((await reported(contract, ['job_modified'])).map(({ jobId }) => jobId)).toEqual(ids);
    // The same jobs are added again: nothing more is published.
    await scheduler.addJobs(ids.map(spec));
    expect(await reported(contract, ['job_modified'])).toHaveLength(ids.length);
    await scheduler.pauseJob(first);
    // A job whose trigger names no more fire times is finished.
    await contract.damage('job', first);
    const over = interval({ hours: 1, endAt: new Date(START - HOUR), startAt: new Date(START - 2 * HOUR) });
    expect(await scheduler.addJob({ ...spec(first), trigger: over })).toMatchObject({ finished: true });
    expect(await scheduler.getJob(first)).toBeUndefined();
  });

  test('it can be removed, with its runs or without, and with all others', async () => {
    const contract = await open();
    const ids = await unreadable(contract);
    const scheduler = schedulerOf(contract);
    const [first = '', second = '', ...others] = ids;
    await scheduler.removeJob(first);
    await scheduler.removeJob(second, { cancelRuns: true });
    await expect(scheduler.removeJob(first)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await scheduler.addJob({ id: 'other', task: 'ping', nextRunTime: null });
    expect(await scheduler.removeAllJobs()).toBe(others.length + 1);
    const look = await contract.store.records.inspect({ runs: 0, quarantined: 0 });
    expect(look.counts).toMatchObject({ jobs: 0, schedule: 0, quarantine: 0 });
    expect((await reported(contract, ['job_removed'])).map(({ jobId }) => jobId).sort()).toEqual(
      [...ids, 'other'].sort(),
    );
    expect(await reported(contract, ['job_missed'])).toHaveLength(JSONS.length + 1);
  });

  test('as long as its header cannot be read it is still what was read; one that can be, or is gone, is not', async () => {
    const contract = await open();
    const { records } = contract.store;
    const ids = ['damaged', 'good', 'gone'];
    for (const id of ['damaged', 'good']) await put(contract, adding(id, at(DUE)));
    await contract.damage('job', 'damaged');
    const before = (await records.read(['good'])).jobs;
    for (const record of [{ pending: at(START + 5, START) }, null]) {
      const changes = ids.map((id) => ({
        ...changing(id, { rev: 0, dueAt: null }, record),
        expected: { rev: 'unreadable' } as const,
      }));
      const params = { op: op(), readAt: START, changes };
      for (const _ of ['first', 'repeated'])
        expect(await records.put(params)).toEqual({ status: 'done', left: [1, 2] });
      const [damaged] = (await records.read(['damaged'])).jobs;
      if (record) expect(damaged).toMatchObject({ digest: 'other', pending: at(START + 5, START) });
      else expect(damaged).toBeNull();
      expect((await records.read(['good', 'gone'])).jobs).toEqual([...before, null]);
      if (record) await contract.damage('job', 'damaged');
    }
    expect((await records.inspect({ runs: 0, quarantined: 0 })).counts).toMatchObject({ jobs: 1, schedule: 1 });
  });
});

test('so is one that is due at no instant, or has no record, in Redis', async () => {
  const { contract, client, keys } = openAlone();
  const scheduler = schedulerOf(contract);
  const odd: Record<string, () => Promise<unknown>> = {
    endless: () => client.zadd(keys.schedule, '+inf', 'endless'),
    before: () => client.zadd(keys.schedule, '-inf', 'before'),
    half: () => client.zadd(keys.schedule, START + 0.5, 'half'),
    cursor: () => client.hset(keys.cursor, 'cursor', 'garbage'),
    'no record': () => client.hdel(keys.jobs, 'no record'),
  };
  for (const round of ['replace', 'remove', 'all']) {
    for (const [id, spoil] of Object.entries(odd)) {
      if ((await client.hexists(keys.jobs, id)) === 0) await put(contract, adding(id, at(START + HOUR, START)));
      await spoil();
      if (round === 'all') continue;
      await expect(scheduler.pauseJob(id)).rejects.toMatchObject({ code: 'UNREADABLE_JOB' });
      if (round === 'remove') await scheduler.removeJob(id);
      else await scheduler.addJob({ id, task: 'ping', trigger: interval('1h'), replaceExisting: true });
      if (round === 'replace') expect(await scheduler.getJob(id)).toMatchObject({ id, paused: false });
      else expect(await scheduler.getJob(id)).toBeUndefined();
    }
  }
  await client.hset(keys.jobs, Buffer.from([0x66, 0xff]), '1 1 digest {}');
  expect(await scheduler.removeAllJobs()).toBe(5);
  for (const key of [keys.schedule, keys.cursor]) expect(await client.exists(key)).toBe(0);
  expect(await client.hlen(keys.jobs)).toBe(1);
});
