import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Coordinator, currentRun, InvalidOptionsError, interval, Worker } from 'carillon';
import { testCluster } from 'carillon/testing';
import { expect, test } from 'vitest';

const tasks = {
  'note.it': (text: string) => text.toUpperCase(),
  'read.file': async () => {
    await wait(20);
    return (await readFile(fileURLToPath(import.meta.url), 'utf8')).length;
  },
  'hang.on': () => new Promise<void>(() => {}),
  'obey.it': async () => {
    const { signal } = currentRun();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    throw signal.reason;
  },
};

test('one line sets up all three, typed by the tasks, and at the time that is given', async () => {
  await using cluster = await testCluster({ tasks, start: '2026-03-27T12:00:00+01:00' });
  const { scheduler, clock, coordinator, worker, events, eventsOf } = cluster;
  expect(clock.date.toISOString()).toBe('2026-03-27T11:00:00.000Z');
  expect(coordinator.health().jobStores).toEqual({ default: { epoch: expect.any(Number) } });
  expect(worker.health().status).toBe('running');
  await scheduler.addJob({ id: 'n', task: 'note.it', args: ['x'], trigger: interval('1h') });
  // @ts-expect-error there is no such task
  await scheduler.enqueue('note.that', []).then((run) => run.cancel());
  await clock.advance('3h');
  expect(eventsOf('job_executed').map(({ value }) => value)).toEqual(['X', 'X', 'X']);
  expect(events.map(({ type }) => type)).toContain('leader_elected');
  expect(events.filter(({ type }) => type === 'job_executed')).toEqual(eventsOf('job_executed'));
});

test('a task that reads a file and waits for a real timer ends before time passes, at each of 20 fires', async () => {
  await using cluster = await testCluster({ tasks });
  const { scheduler, clock, eventsOf } = cluster;
  // In real time, each run takes longer than the interval.
  await scheduler.addJob({ task: 'read.file', trigger: interval('1s'), timeout: '100ms' });
  await clock.advance('20s');
  expect(eventsOf('job_error')).toEqual([]);
  expect(eventsOf('job_executed')).toHaveLength(20);
  for (const { at, scheduledRunTime } of eventsOf('job_executed')) expect(at).toEqual(scheduledRunTime);
});

test('a task that hangs runs into its timeout at once', async () => {
  await using cluster = await testCluster({ tasks });
  const { scheduler, clock } = cluster;
  const run = await scheduler.enqueue('hang.on', [], { timeout: '1h' });
  await expect(clock.advanceUntil(run.result())).rejects.toMatchObject({ code: 'RUN_TIMEOUT' });
});

test('shutdown lets time pass for what goes on, and can be called again', async () => {
  const cluster = await testCluster({ tasks, shutdownTimeout: '30s' });
  const { scheduler, clock, eventsOf, shutdown } = cluster;
  await scheduler.enqueue('obey.it');
  await scheduler.enqueue('hang.on');
  await clock.advance(0);
  const began = clock.now();
  await Promise.all([shutdown(), cluster.shutdown()]);
  await shutdown();
  expect(clock.now() - began).toBeGreaterThanOrEqual(30_000);
  expect(clock.now() - began).toBeLessThan(60_000);
  expect(eventsOf('job_error')).toEqual([]);
  await expect(scheduler.getJobs()).rejects.toThrow('shut down');
});

test('job stores, executors and defaults are those of all three', async () => {
  const options = { jobStores: ['a', 'b'], executors: { mail: { concurrency: 1 } }, jobDefaults: { executor: 'mail' } };
  await using cluster = await testCluster({ tasks, ...options, timezone: 'Europe/Berlin' });
  const { scheduler, clock, eventsOf, worker } = cluster;
  for (const jobStore of ['a', 'b']) await scheduler.addJob({ task: 'note.it', args: ['x'], jobStore });
  await clock.advance('1s');
  expect(
    eventsOf('job_executed')
      .map(({ jobStore }) => jobStore)
      .toSorted(),
  ).toEqual(['a', 'b']);
  expect(Object.keys(worker.health().executors)).toEqual(['mail']);
});

test('more members can be connected, and one that is killed is replaced', async () => {
  await using cluster = await testCluster({ tasks });
  const { scheduler, clock, eventsOf, cluster: memory } = cluster;
  const backend = memory.connect();
  const second = new Worker({ backend, tasks });
  const third = new Coordinator({ backend: memory.connect() });
  await Promise.all([second.start(), third.start()]);
  await scheduler.addJob({ task: 'note.it', args: ['x'], trigger: interval('10s') });
  await clock.advance('1m');
  backend.kill();
  await clock.advance('2m');
  expect(eventsOf('worker_left')).toHaveLength(1);
  expect(eventsOf('job_executed')).toHaveLength(18);
  await third.shutdown();
});

test('what is wrong is refused', async () => {
  for (const [options, message] of [
    [{ tasks, start: 'tomorrow' }, 'start: "tomorrow" is not an instant'],
    [{ tasks, start: '2026-03-27T12:00:00' }, 'is not an instant'],
    [{ tasks, start: new Date('x') }, 'is not an instant'],
    [{ tasks, patience: 'long' }, 'patience'],
    [{ tasks, redis: 'redis://localhost' }, 'redis'],
    [{ tasks: null }, 'tasks'],
  ]) {
    const failure = await testCluster(options as never).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionsError);
    expect((failure as Error).message).toContain(message);
  }
});
