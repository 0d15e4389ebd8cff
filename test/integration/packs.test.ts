import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { currentRun, Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { nothingOwed, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

/** All runs that are due together go out as one delivery. */
const ALL = { workMs: Number.MAX_VALUE, unknownMs: 0, most: 100, perWorker: 0.01, quickMs: 1, few: 1 };

test('of one delivery of slow runs, each of two workers has as many at work as it has slots, and none that it cannot begin', async () => {
  const stored = new Stored();
  const place = { redis: redisUrl(), prefix: stored.prefix, logger: silent };
  const scheduler = new Scheduler(place);
  onTestFinished(() => scheduler.shutdown());
  const events = await captureEvents(scheduler);
  const began: { readonly runId: string; readonly worker: number }[] = [];
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const work = (worker: number) => async () => {
    began.push({ runId: currentRun().runId, worker });
    await opened;
  };
  const runs: string[] = [];
  // No coordinator delivers them before all are there.
  for (let run = 0; run < 30; run++) runs.push((await scheduler.enqueue('work')).runId);
  for (const [index, concurrency] of [2, 3].entries()) {
    const worker = new Worker({ ...place, tasks: { work: work(index) }, executors: { default: { concurrency } } });
    onTestFinished(() => worker.shutdown({ timeout: 1_000 }));
    await worker.start();
  }
  const fail = 'never' as const;
  const backend = new RedisBackend({ redis: place.redis, prefix: place.prefix, fail, report: () => {} });
  const coordinator = new Coordinator({ backend: Object.assign(backend, { packRules: ALL }), logger: silent });
  onTestFinished(() => coordinator.shutdown());
  await coordinator.start();

  await eventually(() => expect(began).toHaveLength(5));
  const sizes = [0, 1].map((worker) => began.filter((one) => one.worker === worker).length);
  expect(sizes).toEqual([2, 3]);
  // On a machine that stands still, a started run is handed back before it begins, and starts once more.
  await eventually(async () => expect((await scheduler.inspect()).counts.leases).toBe(5));
  expect(began).toHaveLength(5);
  open();
  await nothingOwed(stored);
  await eventually(() => expect(events.of('job_executed')).toHaveLength(30));
  expect(began.map(({ runId }) => runId).sort()).toEqual([...runs].sort());
});
