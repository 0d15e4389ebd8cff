import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { loadTasks, Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';
import { EXECUTOR_TASKS, POOLED_TASKS } from '../../support/task-runners.js';

interface Line {
  readonly [name: string]: unknown;
  readonly msg: string;
}

const KINDS = ['async', 'thread', 'process'] as const;
const PAST = '2026-01-01T00:00:00.000Z';
const retry = { attempts: 2, backoff: { type: 'fixed', delay: 50 } } as const;

const ENDS = 'a task failed; it is not tried again';
/** The task ends when it is aborted: otherwise it would cost its thread or process. */
const HEED = ['/dev/null', 'throw'];

const AGAIN = 'a task failed; it is tried again';
const againIn50 = { msg: AGAIN, attempt: 1, retryInMs: 50 };
const again = { msg: AGAIN, attempt: 1, retryAt: PAST };
const ends = (attempt: number) => ({ msg: ENDS, attempt });

interface Case {
  readonly task: string;
  readonly args?: readonly unknown[];
  readonly policy?: object;
  readonly err: object;
  readonly lines: readonly Line[];
}

/** How runs end, and the log lines of each. */
const CASES: { readonly [name: string]: Case } = {
  error: { task: 'fail', err: { message: 'no', code: 'ORDER_CLOSED' }, lines: [ends(1)] },
  'error, retried': { task: 'fail', policy: { retry }, err: { message: 'no' }, lines: [againIn50, ends(2)] },
  'error that retry.unless names': {
    task: 'fail',
    policy: { retry: { ...retry, unless: ['OrderError'] } },
    err: { message: 'no' },
    lines: [ends(1)],
  },
  'error of another name than retry.unless': {
    task: 'fail',
    policy: { retry: { ...retry, unless: ['TypeError'] } },
    err: { message: 'no' },
    lines: [againIn50, ends(2)],
  },
  unrecoverable: { task: 'never', policy: { retry }, err: { code: 'UNRECOVERABLE' }, lines: [ends(1)] },
  'error that says when': {
    task: 'later',
    args: [PAST],
    policy: { retry },
    err: { code: 'RETRY_AT' },
    lines: [again, ends(2)],
  },
  timeout: { task: 'obey', args: HEED, policy: { timeout: 100 }, err: { code: 'RUN_TIMEOUT' }, lines: [ends(1)] },
  'timeout, retried': {
    task: 'obey',
    args: HEED,
    policy: { timeout: 100, retry },
    err: { code: 'RUN_TIMEOUT' },
    lines: [againIn50, ends(2)],
  },
  'no result': { task: 'bigint', args: [], err: { message: expect.stringContaining('BigInt') }, lines: [ends(1)] },
  'result too large': { task: 'large', args: [1_100_000], err: { code: 'RESULT_TOO_LARGE' }, lines: [ends(1)] },
  'unknown task': { task: 'nowhere', err: { code: 'UNKNOWN_TASK' }, lines: [{ msg: ENDS }] },
  'thrown, no error': { task: 'fail-with', args: ['no'], err: { message: 'no' }, lines: [ends(1)] },
};

it('each failed task is logged with its job, run, attempt, and whether and when it is tried again, in every kind of executor', async () => {
  const lines: Line[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const cluster = new MemoryCluster();
  const scheduler = new Scheduler({ backend: cluster.connect(), logger: silent });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger: silent });
  const worker = new Worker({
    ...{ backend: cluster.connect(), logger, ...(await loadTasks(EXECUTOR_TASKS)), taskFile: POOLED_TASKS },
    executors: Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 1 }])),
    unknownTaskTimeout: 200,
  });
  onTestFinished(async () => {
    await worker.shutdown({ timeout: 0 });
    await Promise.all([scheduler.shutdown(), coordinator.shutdown()]);
  });
  await Promise.all([coordinator.start(), worker.start()]);

  const runs: { readonly name: string; readonly runId: string; readonly jobId: string | null }[] = [];
  for (const executor of KINDS) {
    for (const [name, { task, args = ['no'], policy }] of Object.entries(CASES)) {
      const { runId } = await scheduler.enqueue(task, [...args] as never, { executor, ...policy } as never);
      runs.push({ name, runId, jobId: null });
    }
  }
  for (const name of ['error, retried', 'unrecoverable'] as const) {
    const { task, args = ['no'], policy } = CASES[name] as Case;
    const id = `job: ${name}`;
    await scheduler.addJob({ id, task, args: [...args], executor: 'async', nextRunTime: null, ...policy } as never);
    const { runId } = await scheduler.runJob(id);
    runs.push({ name, runId, jobId: id });
  }
  const failed = (of: string) => lines.filter(({ runId, task }) => runId === of && task !== undefined);
  await eventually(() => {
    for (const { name, runId } of runs) expect([name, failed(runId).at(-1)?.msg]).toEqual([name, ENDS]);
  });

  for (const { name, runId, jobId } of runs) {
    const { task, err, lines: expected } = CASES[name] as Case;
    const common = { level: 40, jobStore: 'default', jobId, runId, task, attempt: expect.any(Number), err };
    expect(failed(runId), name).toMatchObject(expected.map((line) => ({ ...common, ...line })));
    for (const line of failed(runId)) {
      const says = 'retryInMs' in line !== 'retryAt' in line;
      expect(says, `${name}: ${JSON.stringify(line)}`).toBe(line.msg === AGAIN);
    }
  }
});
