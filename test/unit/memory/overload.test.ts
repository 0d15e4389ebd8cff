import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { parseEvent } from '../../../packages/core/src/event/schema.js';
import { FireAccount } from '../../support/fire-account.js';

const logger = defaultLogger();
logger.level = 'silent';
const START = Date.parse('2026-01-01T00:00:00Z');
const TASK_MS = 50;
/** The most runs a second that the worker can do. */
const CAPACITY = 1_000 / TASK_MS;
const SECONDS = 5;

test('four times what the worker can run: it runs as many as it can, the rest is coalesced or too much at once, and then all is on time', async () => {
  const clock = new VirtualClock(new Date(START));
  const events: string[] = [];
  const onPublish = (_: string, channel: string, message: string) => {
    if (channel.startsWith('events:')) events.push(message);
  };
  const cluster = new MemoryCluster({ clock, onPublish });
  const late: number[] = [];
  let runs = 0;
  const step = 'every.1000';
  const tasks = {
    [step]: async () => {
      runs += 1;
      await new Promise<void>((resolve) => void clock.after(TASK_MS, resolve));
    },
    probe: () => void late.push(clock.now() - currentRun().scheduledRunTime.getTime()),
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = new Worker({ backend: cluster.connect(), logger, tasks, executors: { default: { concurrency: 1 } } });
  await Promise.all([coordinator.start(), worker.start()]);
  const begin = START + 1_000;
  const endAt = new Date(begin + SECONDS * 1_000 - 1);
  const jobs = Array.from({ length: 4 * CAPACITY }, (_, index) => ({
    id: `job-${index}`,
    task: step,
    trigger: interval({ seconds: 1, startAt: new Date(begin + (index * 1_000) / (4 * CAPACITY)), endAt }),
  }));
  await scheduler.addJobs(jobs);

  await clock.advance(1_000);
  let most = 0;
  for (let second = 0; second < SECONDS; second++) {
    await clock.advance(1_000);
    most = Math.max(most, (await scheduler.inspect()).counts.runs);
  }
  expect(runs).toBeGreaterThanOrEqual(0.9 * SECONDS * CAPACITY);
  // At most one run of each job, by its maxInstances.
  expect(most).toBeLessThanOrEqual(jobs.length);

  // When the backlog's own work is done, each job has one run of all that was coalesced, in addition to one that was waiting.
  await clock.advance(2 * jobs.length * TASK_MS);
  const account = new FireAccount(events.flatMap((message) => parseEvent(message) ?? []));
  expect(account.faults).toEqual([]);
  expect(account.owed).toEqual([]);
  const { executed, coalesced, maxInstances, missed, error } = account.counts;
  expect({ missed, error }).toEqual({ missed: 0, error: 0 });
  expect(executed).toBe(runs);
  expect(executed + coalesced + maxInstances).toBe(SECONDS * jobs.length);
  await scheduler.addJob({ id: 'probe', task: 'probe', trigger: interval({ seconds: 1 }) });
  await clock.advance(3_000);
  expect(late).toEqual([0, 0, 0]);
  await Promise.all([scheduler, coordinator, worker].map((one) => one.shutdown({ timeout: 0 })));
});
