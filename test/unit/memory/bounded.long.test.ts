import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

const logger = pino({ level: 'silent' });

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Returns the size of what is alive in this process, MiB. */
function heapMiB(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

test('what a job store in memory keeps does not grow with what has run, once its limits are reached', async () => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const memory = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator({ backend: memory.connect(), logger });
  const tasks = { good: () => 'done', bad: () => Promise.reject(new Error('bad')) };
  const worker = new Worker({ backend: memory.connect(), logger, tasks });
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  await Promise.all([coordinator.start(), worker.start()]);
  // The outcomes of one job are a stretch, and each outcome of the other is an entry of its own. The log keeps all events.
  await scheduler.addJob({ id: 'good', task: 'good', trigger: interval('1s'), history: { perJob: 10, age: '1h' } });
  await scheduler.addJob({ id: 'bad', task: 'bad', trigger: interval('1s'), history: { perJob: 10, age: '1h' } });
  // After an hour, the log of events is full, and the most is kept of each job.
  await clock.advance('2h');
  const before = heapMiB();
  await clock.advance('4h');
  const { executed = 0, errors = 0 } = (await scheduler.getJob('bad'))?.lastRun ?? {};
  expect(executed + errors).toBeGreaterThan(21_000);
  // 28,800 more runs of three events each would take 25 MiB and more, if they were kept.
  expect(heapMiB() - before).toBeLessThan(8);
});
