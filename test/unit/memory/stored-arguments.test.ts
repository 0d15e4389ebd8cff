import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { type ArgumentsSchema, task, Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';

const MESSAGE = 'jobs or owed runs have arguments that the schema of their task refuses; their runs end as errors';
const trigger = interval('1h');
const text = z.tuple([z.string()]);
/** Its check is asynchronous. */
const waiting: ArgumentsSchema = {
  '~standard': { version: 1, vendor: 'test', validate: async () => ({ issues: [{ message: 'no' }] }) },
};
const run = () => {};

async function worldOf(tasks: Record<string, () => unknown>) {
  const cluster = new MemoryCluster();
  const scheduler = new Scheduler({ backend: cluster.connect(), logger: silent });
  const lines: { msg: string; task?: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const worker = new Worker({ backend: cluster.connect(), logger, tasks });
  onTestFinished(async () => void (await Promise.all([worker.shutdown(), scheduler.shutdown()])));
  return { scheduler, worker, refused: () => lines.filter(({ msg }) => msg === MESSAGE) };
}

it('a worker that starts logs, for each of its tasks, which stored jobs and owed runs its schema refuses', async () => {
  const tasks = {
    text: task({ args: text, run }),
    other: task({ args: text, run }),
    plain: run,
    waiting: task({ args: waiting, run }),
  };
  const { scheduler, worker, refused } = await worldOf(tasks as never);
  const jobs = Array.from({ length: 7 }, (_, place) => ({ id: `job-${place}`, task: 'text', args: [place], trigger }));
  await scheduler.addJobs(jobs);
  for (const name of ['text', 'plain', 'waiting', 'nowhere']) {
    await scheduler.addJob({ id: `right-${name}`, task: name, args: ['right'], trigger });
  }
  await scheduler.addJob({ id: 'plain', task: 'plain', args: [1], trigger });
  const { runId } = await scheduler.enqueue('other', [1], { delay: '1h' });
  await worker.start();
  await eventually(() =>
    expect(
      refused()
        .map((line) => line.task)
        .sort(),
    ).toEqual(['other', 'text']),
  );
  const [ofRuns, ofJobs] = refused().sort((a, b) => String(a.task).localeCompare(String(b.task)));
  const why = 'args[0]: Invalid input: expected string, received number';
  expect(ofRuns).toMatchObject({ task: 'other', jobs: 0, runs: 1, runIds: [runId], why });
  expect(ofJobs).toMatchObject({ task: 'text', jobs: 7, runs: 0, runIds: [], why });
  expect(Reflect.get(ofJobs ?? {}, 'jobIds')).toHaveLength(5);
  const { findings } = await scheduler.diagnose();
  const found = findings
    .filter(({ code }) => code === 'arguments_refused')
    .map(({ level, finding }) => `${level} ${finding}`);
  const published = 'args[0]: has type number, not string';
  expect(found.sort()).toEqual([
    `error no worker that serves executor "default" accepts the arguments with which "${runId}" calls task "other": ${published}`,
    `error no worker that serves executor "default" accepts the arguments with which "job-0", "job-1", "job-2" and 4 more call task "text": ${published}`,
  ]);
});
