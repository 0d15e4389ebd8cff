import { Coordinator } from '@carillon/coordinator';
import { date, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';
const START = Date.parse('2026-01-01T00:00:00Z');
const HERD = 120;
const TASK_MS = 50;
const NEIGHBOUR_MS = 500;

test('a neighbour of a herd that takes its worker 6 s is on time each 500 ms, and the herd is done in that time', async () => {
  const clock = new VirtualClock(new Date(START));
  const cluster = new MemoryCluster({ clock });
  const latest: Record<string, number> = {};
  const count: Record<string, number> = {};
  const task = (name: string) => async () => {
    const late = clock.now() - currentRun().scheduledRunTime.getTime();
    latest[name] = Math.max(latest[name] ?? 0, late);
    count[name] = (count[name] ?? 0) + 1;
    await new Promise<void>((resolve) => void clock.after(TASK_MS, resolve));
  };
  const names = ['herd', 'neighbour', 'elsewhere', 'nobody'];
  const tasks = Object.fromEntries(names.map((name) => [name, task(name)]));
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const executors = { default: { concurrency: 1 }, other: { concurrency: 1 } };
  const worker = new Worker({ backend: cluster.connect(), logger, tasks, executors });
  await Promise.all([coordinator.start(), worker.start()]);

  const due = START + 1_000;
  const herd = (name: string, executor: string) =>
    Array.from({ length: HERD }, (_, index) => ({
      id: `${name}-${index}`,
      task: name,
      executor,
      trigger: date(new Date(due)),
    }));
  const beside = (name: string, executor: string) => ({
    id: name,
    task: name,
    executor,
    coalesce: false,
    trigger: interval({ milliseconds: NEIGHBOUR_MS, startAt: new Date(due + NEIGHBOUR_MS / 2) }),
  });
  // An executor without a worker holds up no other.
  await scheduler.addJobs([
    ...herd('nobody', 'unserved'),
    ...herd('herd', 'default'),
    beside('neighbour', 'default'),
    beside('elsewhere', 'other'),
  ]);
  const takesMs = HERD * TASK_MS * (1 + TASK_MS / NEIGHBOUR_MS);
  await clock.advance(1_000 + takesMs + 1_000);
  expect(count.herd).toBe(HERD);
  expect(count.nobody).toBeUndefined();
  expect(count.neighbour).toBeGreaterThan(takesMs / NEIGHBOUR_MS);
  expect(latest.neighbour).toBeLessThanOrEqual(NEIGHBOUR_MS);
  expect(latest.elsewhere).toBeLessThanOrEqual(TASK_MS);
  await Promise.all([scheduler, coordinator, worker].map((one) => one.shutdown({ timeout: 0 })));
});
