import { interval, RunCancelledError, RunFailedError, RunNotFoundError } from '@carillon/core';
import { currentRun } from '@carillon/worker';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { failure, newScheduler, nothingOwed, silent, together } from '../support/in-process.js';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A task that runs until it is aborted. */
const untilAborted = () =>
  new Promise((_, reject) => {
    const { signal } = currentRun();
    signal.addEventListener('abort', () => reject(signal.reason));
  });

test('each of many who wait gets the result of their own run', async () => {
  const tasks = { square: async (number: number) => ({ square: number ** 2 }) };
  const { carillon, stored } = await together(tasks, { executors: { default: { concurrency: 50 } } });
  const numbers = Array.from({ length: 500 }, (_, index) => index);
  const runs = await Promise.all(numbers.map((number) => carillon.enqueue('square', [number])));
  const results = await Promise.all(runs.map((run) => run.result({ timeout: '50s' })));
  expect(results.map(({ square }) => square)).toEqual(numbers.map((number) => number ** 2));
  await nothingOwed(stored);
});

test('a result is read by any caller that knows the run, while it is kept', async () => {
  const { carillon, stored } = await together({ large: async () => 'x'.repeat(400 * 1024) });
  const run = await carillon.enqueue('large');
  expect(await run.result()).toHaveLength(400 * 1024);
  const other = newScheduler(stored.prefix);
  expect(await other.getRun(run.runId)).toMatchObject({ state: 'executed', task: 'large', jobId: null });
  await stored.backend.client.del(`${stored.backend.keys('default').base}result:${run.runId}`);
  expect(await other.getRun(run.runId)).toBeUndefined();
  expect(await failure(() => run.result())).toBeInstanceOf(RunNotFoundError);
});

test('an error comes with its class, message, code and stack', async () => {
  const { carillon } = await together({
    fail: async () => {
      throw Object.assign(new RangeError('too far'), { code: 'E_FAR' });
    },
  });
  const error = await failure(async () => (await carillon.enqueue('fail')).result());
  expect(error).toBeInstanceOf(RunFailedError);
  expect(error.cause).toMatchObject({ name: 'RangeError', message: 'too far', code: 'E_FAR' });
  expect((error.cause as Error).stack).toContain('results.test');
});

test('a result comes though what was published is lost', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const tasks = { wait: () => finished.then(() => 'done') };
  const carillon = new Carillon({ redis: redis.url, logger: silent, tasks });
  onTestFinished(() => carillon.shutdown());
  await carillon.start();
  const run = await carillon.enqueue('wait');
  const result = run.result({ timeout: '50s' });
  await eventually(async () => expect(await carillon.getRun(run.runId)).toMatchObject({ state: 'running' }));
  const cut = setInterval(() => void ask(redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']).catch(() => {}), 20);
  onTestFinished(() => clearInterval(cut));
  await ask(redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
  finish();
  expect(await result).toBe('done');
});

test('a caller that waits gets an error: the scheduler was shut down', async () => {
  const { carillon, stored } = await together({ wait: () => sleep(2_000) });
  const scheduler = newScheduler(stored.prefix);
  const run = await scheduler.enqueue('wait');
  const waiting = failure(() => run.result());
  await eventually(async () => expect(await carillon.getRun(run.runId)).toMatchObject({ state: 'running' }));
  await scheduler.shutdown();
  expect(await waiting).toMatchObject({ code: 'SHUT_DOWN' });
});

test('runs of a job are listed, those that are owed first, and are removed with it', async () => {
  const { carillon, stored } = await together(
    { wait: untilAborted, quick: () => 'done' },
    { executors: { default: { concurrency: 1 } } },
  );
  await carillon.addJob({ id: 'j', task: 'quick', trigger: interval('1h'), maxInstances: 10, history: {} });
  const done = await carillon.runJob('j');
  await done.result();
  await carillon.modifyJob('j', { task: 'wait' });
  const first = await carillon.runJob('j');
  await eventually(async () => expect(await carillon.getRun(first.runId)).toMatchObject({ state: 'running' }));
  const rest = await Promise.all([1, 2, 3].map(() => carillon.runJob('j')));
  const states = async () => (await carillon.getRuns('j')).map(({ state }) => state);
  expect((await states()).sort()).toEqual(['executed', 'queued', 'queued', 'queued', 'running']);
  expect((await carillon.getRuns('j')).at(-1)?.runId).toBe(done.runId);

  await carillon.removeJob('j', { cancelRuns: true });
  for (const run of rest) expect(await failure(() => run.result())).toBeInstanceOf(RunCancelledError);
  expect(await failure(() => first.result({ timeout: '2m' }))).toBeInstanceOf(RunCancelledError);
  await nothingOwed(stored);
  expect(await states()).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled', 'executed']);
});

test('a redeploy every moment does not let a job fire more than maxRuns', async () => {
  const { carillon, events } = await together({ ping: () => 'pong' });
  // Each fire time has a run of its own, also where the machine is late.
  const policy = { maxRuns: 5, coalesce: false, maxInstances: 5 } as const;
  const spec = { id: 'j', task: 'ping', trigger: interval('100ms'), replaceExisting: true, ...policy } as const;
  const redeploy = () => Promise.all([1, 2, 3].map(() => carillon.addJob(spec)));
  while (!events.of('job_removed').some(({ cause }) => cause === 'finished')) await redeploy();
  for (let time = 0; time < 50; time++) await redeploy();
  expect((await carillon.addJob(spec)).finished).toBe(true);
  await events.upToDate();
  const { last, first } = ends(events.of('job_submitted'));
  expect(last - first).toBe(400);
});

/** The first and the last fire time of all runs. */
function ends(
  runs: readonly { readonly scheduledRunTimes: readonly Date[]; readonly coalesced: { first: Date } | null }[],
) {
  const times = runs.flatMap(({ scheduledRunTimes, coalesced }) => [
    ...scheduledRunTimes.map((time) => time.getTime()),
    ...(coalesced ? [coalesced.first.getTime()] : []),
  ]);
  return { first: Math.min(...times), last: Math.max(...times) };
}
