import { Coordinator } from '@carillon/coordinator';
import { interval, JobStoreExistsError, Scheduler, UnknownJobStoreError } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const fired: string[] = [];
  const note = (by: string) => () => {
    const { jobStore, scheduledRunTime } = currentRun();
    fired.push(`${jobStore} ${(scheduledRunTime.getTime() - Date.UTC(2026, 0)) / 1_000} ${by}`);
  };
  const ms = (time: number) => new Promise<void>((resolve) => void clock.after(time, resolve));
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = (name: string, options: object = {}) =>
    new Worker({ backend: cluster.connect(), logger, tasks: { note: note(name), slow: () => ms(3_000) }, ...options });
  return { clock, cluster, fired, scheduler, coordinator, worker };
}

test('a job store that is added to running servers is served, until it is removed; the others go on', async () => {
  const { clock, fired, scheduler, coordinator, worker } = world();
  const w = worker('w');
  await Promise.all([coordinator.start(), w.start()]);
  const every = { task: 'note', trigger: interval('1s') };
  await scheduler.addJob({ id: 'a', ...every });
  await scheduler.addJobStore('late');
  await scheduler.addJob({ id: 'b', jobStore: 'late', ...every });
  await clock.advance('2s');
  expect(fired).toEqual(['default 1 w', 'default 2 w']);

  await Promise.all([coordinator.addJobStore('late'), w.addJobStore('late')]);
  expect(w.health().jobStores).toEqual(['default', 'late']);
  await clock.advance('1s');
  expect(coordinator.health().jobStores.late?.epoch).toBeGreaterThan(0);
  // Fire times from before are coalesced into one run.
  expect(fired.slice(2)).toEqual(['late 2 w', 'default 3 w', 'late 3 w']);

  await Promise.all([coordinator.removeJobStore('late'), w.removeJobStore('late')]);
  fired.length = 0;
  await clock.advance('3s');
  expect(fired).toEqual(['default 4 w', 'default 5 w', 'default 6 w']);
  expect([Object.keys(coordinator.health().jobStores), w.health().jobStores]).toEqual([['default'], ['default']]);
  expect((await scheduler.inspect({ jobStore: 'late' })).workers).toEqual([]);
  expect(await scheduler.getJob('b', { jobStore: 'late' })).toBeDefined();

  // It is added again: fire times that were owed meanwhile run.
  await Promise.all([coordinator.addJobStore('late'), w.addJobStore('late')]);
  await clock.advance('1s');
  expect(fired.slice(3).sort()).toEqual(['default 7 w', 'late 6 w', 'late 7 w']);
  await Promise.all([scheduler, coordinator, w].map((one) => one.shutdown()));
});

test('what is added before the start is served from the start on', async () => {
  const { clock, fired, scheduler, coordinator, worker } = world();
  const w = worker('w');
  const heard: string[] = [];
  await w.addListener(({ type, jobStore }) => heard.push(`${jobStore} ${type}`), ['job_executed']);
  await Promise.all([scheduler, coordinator, w].map((one) => one.addJobStore('early')));
  expect([Object.keys(coordinator.health().jobStores), w.health().jobStores]).toEqual([
    ['default', 'early'],
    ['default', 'early'],
  ]);
  await Promise.all([coordinator.start(), w.start()]);
  await scheduler.enqueue('note', [], { jobStore: 'early' });
  await clock.advance(0);
  expect([fired, heard]).toEqual([['early 0 w'], ['early job_executed']]);
});

test('a coordinator that removes the job store it leads hands it over at once, and keeps the others', async () => {
  const { clock, cluster, coordinator } = world();
  const second = new Coordinator({ backend: cluster.connect(), logger, jobStores: ['default', 'other'] });
  await coordinator.addJobStore('other');
  await coordinator.start();
  await clock.advance(0);
  await second.start();
  const leads = (one: Coordinator) =>
    Object.entries(one.health().jobStores).flatMap(([alias, { epoch }]) => (epoch === null ? [] : alias));
  const lost: unknown[] = [];
  await second.addListener(({ jobStore, reason }) => lost.push({ jobStore, reason }), ['leader_lost']);
  expect([leads(coordinator), leads(second)]).toEqual([['default', 'other'], []]);
  await coordinator.removeJobStore('other');
  await clock.advance(0);
  expect([leads(coordinator), leads(second)]).toEqual([['default'], ['other']]);
  expect(lost).toEqual([{ jobStore: 'other', reason: 'shutdown' }]);
});

test.each([
  ['finishes within the limit', '5s', 1],
  ['is aborted after it, and handed back when it did not obey that', '1s', 2],
])('a run of a job store that its worker leaves %s', async (_, shutdownTimeout, attempts) => {
  const { clock, scheduler, coordinator, worker } = world();
  const leaving = worker('leaving', { shutdownTimeout });
  await Promise.all([coordinator.start(), leaving.start()]);
  const started: { readonly workerId: string; readonly attempt: number }[] = [];
  const settled: string[] = [];
  await scheduler.addListener((event) => started.push(event), ['job_started']);
  await scheduler.addListener(({ type }) => settled.push(type), ['job_executed', 'job_error']);
  await scheduler.enqueue('slow');
  await clock.advance(100);
  expect(started).toHaveLength(1);
  const staying = worker('staying');
  await staying.start();

  let isGone = false;
  const removing = leaving.removeJobStore('default').then(() => {
    isGone = true;
  });
  await clock.advance('1900ms');
  expect([isGone, leaving.health().running]).toEqual([false, 1]);
  await clock.advance('1200ms');
  expect(isGone).toBe(true);
  await removing;
  // It takes no more runs.
  await scheduler.enqueue('note');
  await clock.advance('5s');
  const [first, ...others] = started.map(({ workerId }) => workerId);
  expect([first, new Set(others)]).toEqual([leaving.id, new Set([staying.id])]);
  expect(started.filter(({ workerId }) => workerId === staying.id)).toHaveLength(attempts);
  expect(settled).toEqual(['job_executed', 'job_executed']);
  await leaving.shutdown();
});

test('shutting down does not wait longer than it says for a job store that is being left', async () => {
  const { clock, scheduler, coordinator, worker } = world();
  const w = worker('w', { shutdownTimeout: '1h' });
  await Promise.all([coordinator.start(), w.start()]);
  await scheduler.enqueue('slow');
  await clock.advance(100);
  const removing = w.removeJobStore('default');
  const ended: string[] = [];
  void removing.then(() => ended.push('removed'));
  void w.shutdown({ timeout: '1s' }).then(() => ended.push('shut down'));
  await clock.advance('900ms');
  expect(ended).toEqual([]);
  // Then the signals of its runs are aborted, and they get some time to stop.
  await clock.advance('1700ms');
  expect(ended.sort()).toEqual(['removed', 'shut down']);
  expect(w.health()).toMatchObject({ status: 'shut down', running: 0 });
});

test('a job store may be in another place than the others', async () => {
  const { clock, cluster, fired, scheduler, coordinator, worker } = world();
  const elsewhere = new MemoryCluster({ clock });
  const w = worker('w');
  await Promise.all([coordinator.start(), w.start()]);
  const backends = [scheduler, coordinator, w].map((one) => ({ one, backend: elsewhere.connect() }));
  await Promise.all(backends.map(({ one, backend }) => one.addJobStore('far', { backend })));
  expect([cluster.jobStores, elsewhere.jobStores]).toEqual([['default'], ['far']]);
  await scheduler.addJob({ id: 'j', jobStore: 'far', task: 'note', trigger: interval('1s') });
  await clock.advance('2s');
  expect(fired).toEqual(['far 1 w', 'far 2 w']);
  const heard: string[] = [];
  await scheduler.addListener(({ type }) => heard.push(type), ['job_submitted', 'jobstore_removed']);
  await clock.advance('1s');
  await Promise.all(backends.map(({ one }) => one.removeJobStore('far')));
  expect(heard).toEqual(['job_submitted', 'jobstore_removed']);
  // Each member closed its own backend.
  for (const { backend } of backends) await expect(backend.connect()).rejects.toThrow('was closed');
  await clock.advance('3s');
  expect(fired).toHaveLength(3);
});

test('an executor has one concurrency over all job stores, and no job store starves another', async () => {
  const { clock, cluster, coordinator } = world();
  const jobStores = ['default', 'busy', 'calm'];
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const running = new Map(jobStores.map((alias) => [alias, 0]));
  const done: string[] = [];
  let most = 0;
  const work = async () => {
    const { jobStore } = currentRun();
    running.set(jobStore, (running.get(jobStore) ?? 0) + 1);
    most = Math.max(
      most,
      [...running.values()].reduce((sum, count) => sum + count),
    );
    await new Promise<void>((resolve) => void clock.after(1_000, resolve));
    running.set(jobStore, (running.get(jobStore) ?? 0) - 1);
    done.push(jobStore);
  };
  const executors = { default: { concurrency: 4 } };
  const w = new Worker({ backend: cluster.connect(), logger, tasks: { work }, jobStores, executors });
  await Promise.all([coordinator.addJobStore('busy'), coordinator.addJobStore('calm')]);
  await Promise.all([coordinator.start(), w.start()]);
  await clock.advance(0);
  const enqueue = async (jobStore: string, count: number) => {
    for (let index = 0; index < count; index++) await scheduler.enqueue('work', [], { jobStore });
  };
  await enqueue('busy', 40);
  await clock.advance('2500ms');
  expect(running).toEqual(
    new Map([
      ['default', 0],
      ['busy', 4],
      ['calm', 0],
    ]),
  );
  await enqueue('default', 8);
  await enqueue('calm', 1);
  await clock.advance(500);
  // A job store without a run at work comes first. After 0, 4 and 0 of four slots, and one run in calm, they soon have 2, 1 and 1.
  expect(running.get('calm')).toBe(1);
  expect(running.get('default')).toBeGreaterThanOrEqual(1);
  await clock.advance('1s');
  expect(running).toEqual(
    new Map([
      ['default', 2],
      ['busy', 2],
      ['calm', 0],
    ]),
  );
  // Never idle: 49 runs of a second each, four at once.
  await clock.advance('9s');
  expect([done.length, most]).toEqual([49, 4]);
  expect(w.health().running).toBe(0);
});

test('an error to a caller that waits for a result names whether the job store was removed or the scheduler shut down', async () => {
  const { clock, scheduler } = world();
  await scheduler.addJobStore('other');
  const waiting = async (jobStore: string) => {
    const run = await scheduler.enqueue('note', [], { jobStore });
    const failed = run.result().catch((error: unknown) => error);
    await clock.advance(0);
    return { run, failed };
  };
  const there = await waiting('other');
  const here = await waiting('default');
  await scheduler.removeJobStore('other');
  const removed = { code: 'UNKNOWN_JOB_STORE', message: expect.stringContaining('"other" was removed from this') };
  expect(await there.failed).toMatchObject(removed);
  await expect(there.run.result()).rejects.toMatchObject(removed);
  await scheduler.shutdown();
  expect(await here.failed).toMatchObject({ code: 'SHUT_DOWN' });
});

test('each server says what is wrong with a job store, and changes nothing', async () => {
  const { cluster, scheduler, coordinator, worker } = world();
  const w = worker('w');
  for (const one of [scheduler, coordinator, w]) {
    const add = (alias: unknown, options?: unknown) => one.addJobStore(alias as string, options as never);
    await expect(add('a:b')).rejects.toThrow(/is not an alias/);
    await expect(add(undefined)).rejects.toThrow(/job store: must be a string/);
    await expect(add('x', null)).rejects.toThrow(/addJobStore: the options are not an object/);
    await expect(add('x', { url: 'redis://x' })).rejects.toThrow(
      /addJobStore: unknown option url; known are redis, backend/,
    );
    await expect(add('x', { redis: 7 })).rejects.toThrow(/redis: give a URL/);
    await expect(add('x', { redis: 'http://x' })).rejects.toThrow(/"http:\/\/x" is not a Redis URL/);
    await expect(add('x', { backend: {} })).rejects.toThrow(/backend: give one such as/);
    await expect(add('x', { redis: 'redis://x', backend: cluster.connect() })).rejects.toThrow(/redis or backend/);
    await expect(add('default')).rejects.toThrow(JobStoreExistsError);
    await expect(add('default', { redis: 'redis://x' })).rejects.toThrow(/is here already/);
    await expect(one.removeJobStore('x')).rejects.toThrow(UnknownJobStoreError);
    await one.removeJobStore('default');
    await expect(one.removeJobStore('default')).rejects.toThrow(/configured: none/);
  }
  expect([Object.keys(coordinator.health().jobStores), w.health().jobStores]).toEqual([[], []]);
  for (const one of [scheduler, coordinator, w]) {
    await one.shutdown();
    await expect(one.addJobStore('x')).rejects.toThrow('was shut down');
    await expect(one.removeJobStore('x')).rejects.toThrow('was shut down');
  }
});

test('one whose events cannot be heard is not added before the start, and can be tried again', async () => {
  const { cluster, worker } = world();
  const w = worker('w');
  await w.addListener(() => {});
  const backend = cluster.connect({
    onStep: ({ call }) => {
      if (call === 'subscribe') throw new Error('not reached');
    },
  });
  await expect(w.addJobStore('late', { backend })).rejects.toThrow('not reached');
  expect(w.health().jobStores).toEqual(['default']);
  await w.addJobStore('late');
  expect(w.health().jobStores).toEqual(['default', 'late']);
});

test('a job store that does not answer takes no slots from the others; what ended there is settled once it does', async () => {
  const { clock, cluster, fired, scheduler, coordinator, worker } = world();
  const w = worker('w', { executors: { default: { concurrency: 2 } }, lease: '1m' });
  await Promise.all([coordinator.start(), w.start()]);
  let isDown = false;
  let comeBack = () => {};
  const back = new Promise<void>((resolve) => {
    comeBack = resolve;
  });
  const carry = async <T>(_: string, effect: () => T) => {
    if (isDown) await back;
    return effect();
  };
  await Promise.all([scheduler.addJobStore('other'), coordinator.addJobStore('other')]);
  void w.addJobStore('other', { backend: cluster.connect({ carry }) });
  await clock.advance('1s');
  const settled: string[] = [];
  await scheduler.addListener(({ jobStore }) => void settled.push(jobStore), ['job_executed']);
  for (let run = 0; run < 4; run++) await scheduler.enqueue('slow', [], { jobStore: 'other' });
  await clock.advance('1s');
  expect(w.health().running).toBe(2);
  isDown = true;
  for (let run = 0; run < 3; run++) await scheduler.enqueue('note');
  await clock.advance('1500ms');
  // The slow runs are still at work.
  expect(fired).toEqual([]);
  await clock.advance('2s');
  expect([fired.length, settled]).toEqual([3, ['default', 'default', 'default']]);
  await clock.advance('10s');
  expect(w.health().running).toBe(2);
  isDown = false;
  comeBack();
  await clock.advance('5s');
  expect(settled.slice(3)).toEqual(['other', 'other', 'other', 'other']);
  expect(w.health().running).toBe(0);
  void w.shutdown();
});
