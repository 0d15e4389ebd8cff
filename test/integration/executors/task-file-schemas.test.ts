import { fileURLToPath } from 'node:url';
import { Coordinator } from '@carillon/coordinator';
import { Scheduler, type TaskFunction } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { loadTasks, task, Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { silent } from '../../support/in-process.js';

const FILE = fileURLToPath(new URL('../../../examples/contracts/zod.js', import.meta.url));
const ARGS = [{ to: 'ada@example.com' }] as const;
const DIFFERS = /"msg":"the taskFile has another schema of a task/;

/** Runs a task twice in a thread of a worker with these tasks. Returns the lines of its log about schemas that differ. */
async function logOf(tasks: Readonly<Record<string, TaskFunction>>): Promise<readonly string[]> {
  const log: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) });
  const cluster = new MemoryCluster();
  const scheduler = new Scheduler({ backend: cluster.connect(), logger: silent });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger: silent });
  const executors = { default: { kind: 'thread', concurrency: 1 } } as const;
  const worker = new Worker({ backend: cluster.connect(), logger, tasks, taskFile: FILE, executors });
  onTestFinished(async () => void (await Promise.all([worker, coordinator, scheduler].map((one) => one.shutdown()))));
  await Promise.all([coordinator.start(), worker.start()]);
  for (let run = 0; run < 2; run++) await (await scheduler.enqueue('mail.send', ARGS as never)).result();
  return log.filter((line) => DIFFERS.test(line));
}

it('a worker logs once which tasks have another schema in its taskFile than in its tasks', async () => {
  const log = await logOf({ 'mail.send': task({ args: z.tuple([z.object({ to: z.string() })]), run: () => '' }) });
  expect(log.map((line) => JSON.parse(line))).toMatchObject([
    { task: 'mail.send', executor: 'default', taskFile: FILE },
  ]);
});

it('one without a schema in one of the two differs, too', async () => {
  const log = await logOf({ 'mail.send': () => '', other: task({ args: z.tuple([]), run: () => '' }) });
  expect(log).toHaveLength(1);
});

it('the same tasks do not', async () => {
  const { tasks } = await loadTasks(FILE);
  expect(await logOf(tasks)).toEqual([]);
});
