import { Coordinator } from '@carillon/coordinator';
import { RetryAtError, Scheduler } from '@carillon/core';
import { sharedLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkCoordinatorOptions } from '../../../packages/coordinator/src/options.js';
import { checkSchedulerOptions } from '../../../packages/core/src/scheduler/options.js';
import { checkWorkerOptions } from '../../../packages/worker/src/options.js';

const START = new Date('2026-01-01T00:00:00Z');

const tasks = {
  break: () => {
    throw new Error('broken');
  },
  later: () => {
    throw new RetryAtError(new Date('2026-01-01T09:00:00Z'), 'closed');
  },
};

test('what a failed task is logged with: its job, which attempt it was, and when it is tried again', async () => {
  const clock = new VirtualClock(START);
  const cluster = new MemoryCluster({ clock });
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = new Worker({ backend: cluster.connect(), logger, tasks });
  await Promise.all([coordinator.start(), worker.start()]);
  const retry = { attempts: 2, backoff: { type: 'fixed', delay: '5s' } } as const;
  await scheduler.addJob({ id: 'daily', task: 'break', retry });
  await clock.advance('10s');
  const { runId } = await scheduler.enqueue('later');
  await clock.advance('1s');

  const failed = { task: 'break', jobId: 'daily', jobStore: 'default', err: { message: 'broken' } };
  expect(lines).toMatchObject([
    { ...failed, attempt: 1, retryInMs: 5_000, msg: 'a task failed; it is tried again' },
    { ...failed, attempt: 2, msg: 'a task failed; it is not tried again' },
    { task: 'later', jobId: null, runId, attempt: 1, retryAt: '2026-01-01T09:00:00.000Z' },
  ]);
  await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
});

test('members that are given no logger share one, and say together that Redis is gone', () => {
  const redis = 'redis://127.0.0.1:1';
  const members = [
    checkSchedulerOptions({ redis }),
    checkCoordinatorOptions({ redis }),
    checkWorkerOptions({ redis, tasks: { look: () => currentRun() } }),
  ];
  const warn = vi.spyOn(sharedLogger(), 'warn').mockReturnValue();
  onTestFinished(() => warn.mockRestore());
  const connections = members.map(({ report }) => {
    const connection = { redis };
    return (change: 'ended' | { error: unknown }) => report({ kind: 'connection', connection, change });
  });
  for (const change of connections) change({ error: new Error('refused') });
  for (const change of connections) change('ended');
  expect(warn.mock.calls).toEqual([[{ redis: '127.0.0.1:1', cause: 'refused' }, 'Redis is not reached; trying again']]);
});

test('what a task logs at info is seen where no logger is given; of a logger that is given, the level holds', async () => {
  const options = { backend: new MemoryCluster().connect(), tasks: { look: () => currentRun() } };
  const { logger, taskLogger } = checkWorkerOptions(options);
  expect([logger.level, taskLogger.level]).toEqual(['warn', 'info']);
  const given = pino({ level: 'error' });
  expect(checkWorkerOptions({ ...options, logger: given }).taskLogger.level).toBe('error');
});
