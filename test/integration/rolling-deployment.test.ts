import { Coordinator } from '@carillon/coordinator';
import type { Duration, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { type CapturedEvents, captureEvents } from '../support/captured-events.js';
import { counted } from '../support/counted-calls.js';
import { eventually } from '../support/eventually.js';
import { newScheduler, nothingOwed, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

const old = { steady: () => 'old' };
const fresh = { ...old, fresh: () => 'new' };

interface Deployment {
  readonly stored: Stored;
  readonly scheduler: Scheduler;
  readonly events: CapturedEvents;
  /** How often workers made each call to the job store. */
  readonly calls: Map<string, number>;
  worker(
    tasks: Record<string, () => string>,
    options?: { readonly unknownTaskTimeout?: Duration },
  ): Promise<Worker<object>>;
}

/** A job store with a leader, and workers in this process whose calls are counted. */
async function deployment(): Promise<Deployment> {
  const stored = new Stored();
  const { prefix } = stored;
  const redis = redisUrl();
  const scheduler = newScheduler(prefix);
  const coordinator = new Coordinator({ redis, prefix, logger: silent });
  onTestFinished(() => coordinator.shutdown());
  const events = await captureEvents(scheduler);
  await coordinator.start();
  const calls = new Map<string, number>();
  const worker: Deployment['worker'] = async (tasks, options = {}) => {
    const backend = counted(new RedisBackend({ redis, prefix, report: () => {}, fail: 'never' }), calls);
    const executors = { default: { concurrency: 4 } };
    const started = new Worker({ backend, logger: silent, tasks, executors, ...options });
    onTestFinished(async () => {
      await started.shutdown({ timeout: '1s' });
      await backend.close();
    });
    await started.start();
    return started;
  };
  return { stored, scheduler, events, calls, worker };
}

/**
 * The most times that a run of this age can have been handed back. Each time it is put off for a quarter of its age, for
 * 100 ms at least and 5 s at most. That holds however fast the machine is.
 */
function mostGivenBack(ageMs: number): number {
  const atFirst = Math.min(ageMs, 400) / 100;
  const growing = ageMs > 400 ? Math.log(Math.min(ageMs, 20_000) / 400) / Math.log(1.25) : 0;
  return Math.ceil(atFirst + growing + Math.max(0, ageMs - 20_000) / 5_000) + 1;
}

/** Expects that no run was handed back more often than its age allows, and that each start and hand-back was one call. */
function expectNoStorm({ events, calls }: Deployment, since: number): void {
  const starts = new Map<string, number>();
  for (const { runId } of events.of('job_started')) starts.set(runId ?? '', (starts.get(runId ?? '') ?? 0) + 1);
  const ended = [...events.of('job_executed'), ...events.of('job_error')];
  const ends = new Map(ended.map((event) => [event.runId, event.at.getTime()]));
  let most = 0;
  for (const { runId, at } of events.of('job_submitted')) {
    const ageMs = (ends.get(runId) ?? Number.NaN) - at.getTime();
    const givenBack = (starts.get(runId ?? '') ?? 0) - 1;
    expect({ runId, ageMs, givenBack, isBounded: givenBack <= mostGivenBack(ageMs) }).toMatchObject({
      isBounded: true,
    });
    most += givenBack;
  }
  const count = (name: string) => calls.get(name) ?? 0;
  expect(count('start')).toBeLessThanOrEqual(most + ends.size);
  expect(count('handBack')).toBeLessThanOrEqual(most);
  // Each worker looks twice a second, whatever is handed back.
  const workers = events.of('worker_joined').length;
  const looks = workers * (2 + (Date.now() - since) / 500);
  expect(count('inspect')).toBeLessThanOrEqual(looks);
  expect(count('noteTask')).toBeLessThanOrEqual(looks);
}

async function enqueueAll(scheduler: Scheduler, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => scheduler.enqueue('fresh')));
}

test('where one of two workers lacks the task, all of 40 runs are executed, and none goes round without end', async () => {
  const deployed = await deployment();
  const { stored, scheduler, events, worker } = deployed;
  const since = Date.now();
  await Promise.all([worker(old), worker(fresh)]);
  await enqueueAll(scheduler, 40);
  await scheduler.enqueue('steady');
  await events.count('job_executed', 41);
  await nothingOwed(stored);
  await events.upToDate();
  expect(events.of('job_error')).toEqual([]);
  expect(events.of('job_executed').filter(({ task }) => task === 'fresh')).toHaveLength(40);
  expectNoStorm(deployed, since);
});

test('the workers with the task come after runs were given back, and after it was rolled back they come again', async () => {
  const deployed = await deployment();
  const { stored, scheduler, events, calls, worker } = deployed;
  const since = Date.now();
  const givenBack = (count: number) => eventually(() => expect(calls.get('handBack') ?? 0).toBeGreaterThan(count));
  const replace = async (leaving: readonly Worker<object>[], tasks: Record<string, () => string>) => {
    const come = [await worker(tasks)];
    await Promise.all(leaving.map((one) => one.shutdown()));
    return come;
  };
  const before = await Promise.all([worker(old), worker(old)]);
  await enqueueAll(scheduler, 20);
  await givenBack(40);
  const rolled = await replace(before, fresh);
  await events.count('job_executed', 20);
  const back = await replace(rolled, old);
  const soFar = calls.get('handBack') ?? 0;
  await enqueueAll(scheduler, 3);
  await scheduler.enqueue('steady');
  await events.count('job_executed', 21);
  await givenBack(soFar + 3);
  await replace(back, fresh);
  await events.count('job_executed', 24);
  await nothingOwed(stored);
  await events.upToDate();
  expect(events.of('job_error')).toEqual([]);
  expectNoStorm(deployed, since);
});

test('a task that no worker has is an error after the stated time, however many lack it', async () => {
  const deployed = await deployment();
  const { stored, scheduler, events, worker } = deployed;
  const since = Date.now();
  await Promise.all(Array.from({ length: 8 }, () => worker(old, { unknownTaskTimeout: '2s' })));
  await enqueueAll(scheduler, 3);
  await events.count('job_error', 3);
  await nothingOwed(stored);
  await events.upToDate();
  const begun = Math.min(...events.of('job_started').map(({ at }) => at.getTime()));
  for (const { at, error } of events.of('job_error')) {
    expect(error).toMatchObject({ code: 'UNKNOWN_TASK' });
    expect(at.getTime() - begun).toBeGreaterThanOrEqual(2_000);
  }
  expectNoStorm(deployed, since);
});
