import { isMainThread, type MessagePort, threadId, Worker } from 'node:worker_threads';
import { systemChance, systemClock } from '@carillon/core/internal';
import { currentRunOf, type RunParts } from '../../current-run.js';
import { RunCalls } from '../../run-calls.js';
import { RunScheduler } from '../../run-scheduler.js';
import { loadTasks } from '../../task-file.js';
import { registerTasks, type TaskFunctions } from '../../tasks.js';
import { callTask } from '../call-task.js';
import type { InsideCall, OutwardMessage } from '../messages.js';
import {
  type Executed,
  type Failed,
  failed,
  isTaskFileFailure,
  remade,
  TASK_FILE,
  TASK_FILE_NAME,
} from '../outcome.js';
import { type InsideLine, openLine } from './line.js';
import { insideLogger } from './logger.js';
import { StoreRelay } from './store-relay.js';

let isBusy = false;
if (isMainThread) obeyWorker();

/** What a pool calls in its threads and child processes, for one call at a time. */
export default async function runInside({ call, port }: { call: InsideCall; port?: MessagePort }): Promise<void> {
  const { callId } = call;
  const abort = new AbortController();
  const line = openLine(port, (message) => {
    if (message?.callId !== callId) return;
    if (message.abort) abort.abort(remade(message.abort));
    if (message.answer) relay.hear(message.answer);
  });
  const relay = new StoreRelay((asked) => line.send({ callId, kind: 'store', ...asked }));
  const calls = new RunCalls((method, params) => relay.call(method, params));
  isBusy = true;
  line.send({ callId, kind: 'arrived', place: isMainThread ? process.pid : threadId });
  const outcome = await execute(call, line, calls, abort.signal);
  calls.end();
  line.send({ callId, kind: 'ended', outcome: told(outcome) });
  // The worker ends this thread or child process, in which the module stays as it is: it must not be free for another call first.
  if (outcome.outcome === 'error' && isTaskFileFailure(outcome.error)) await new Promise<never>(() => {});
  isBusy = false;
  line.close();
}

async function execute(
  call: InsideCall,
  line: InsideLine,
  calls: RunCalls,
  signal: AbortSignal,
): Promise<Executed | Failed> {
  const { callId, taskFile, payload, run, logLevel } = call;
  const logger = insideLogger(logLevel, (text) => line.send({ callId, kind: 'log', line: text }));
  const { runId, jobStore } = run;
  try {
    const parts: RunParts = {
      ...run,
      scheduledRunTime: new Date(run.scheduledRunTime),
      signal,
      logger,
      scheduler: new RunScheduler({ runId, jobStore, calls, clock: systemClock, chance: systemChance, logger }),
    };
    const tasks = await tasksOf(taskFile, call.loadMs);
    line.send({ callId, kind: 'begun' });
    const { current, end } = currentRunOf(parts, (json) => line.send({ callId, kind: 'progress', json }));
    const outcome = await callTask(tasks, payload, current, calls);
    end();
    return outcome;
  } catch (error) {
    const { message } = error as Error;
    return failed(`the tasks cannot be loaded: ${message}`, TASK_FILE, TASK_FILE_NAME);
  }
}

const loaded = new Map<string, TaskFunctions>();

async function tasksOf(taskFile: string, timeout: number): Promise<TaskFunctions> {
  const known = loaded.get(taskFile) ?? registerTasks(await loadTasks(new URL(taskFile), { timeout }));
  loaded.set(taskFile, known);
  return known;
}

/** What was thrown does not travel, only what is told of it. */
function told(outcome: Executed | Failed): (OutwardMessage & { kind: 'ended' })['outcome'] {
  if (outcome.outcome === 'executed') return outcome;
  const { error, steering } = outcome;
  return { outcome: 'error', error, steering: { ...steering, names: [...steering.names] } };
}

/**
 * A child process ends when its worker does, or says so. A signal to the whole group of processes, as a terminal and systemd
 * send it, is for the worker to decide upon: it lets what runs finish.
 */
function obeyWorker(): void {
  const bare = { execArgv: [], env: {}, workerData: process.ppid };
  new Worker(new URL('./orphan-watch.js', import.meta.url), bare).unref();
  process.on('disconnect', () => process.exit());
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {
    if (!isBusy) process.exit();
  });
}
