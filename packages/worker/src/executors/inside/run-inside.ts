import { fileURLToPath } from 'node:url';
import { isMainThread, type MessagePort, threadId, Worker } from 'node:worker_threads';
import {
  ContractMemory,
  type ErrorInfo,
  errorInfo,
  previousOf,
  systemChance,
  systemClock,
} from '@carillon/core/internal';
import type { Execution } from '../../current-run.js';
import { handedOn } from '../../handed-on.js';
import { LazyAbort, type StopSignal } from '../../lazy-abort.js';
import { Resources } from '../../resources.js';
import { RunCalls } from '../../run-calls.js';
import { actorOf, RunScheduler } from '../../run-scheduler.js';
import { schemaPrints } from '../../schema-prints.js';
import { loadTasks } from '../../task-file.js';
import { registerTasks, type TaskFunctions } from '../../tasks.js';
import { callTask } from '../call-task.js';
import type { InsideCall, InsideOrder, OutwardMessage } from '../messages.js';
import { type Executed, type Failed, isPlaceFailure, placeFailed, remade, thrown } from '../outcome.js';
import { type InsideLine, openLine } from './line.js';
import { insideLogger } from './logger.js';
import { StoreRelay } from './store-relay.js';

/** What is remembered of the workers' contracts, by job store. */
const contractsOf = new Map<string, ContractMemory>();
let isBusy = false;
if (isMainThread) obeyWorker();

/** The function that a pool calls in its threads and child processes, for one order at a time. */
export default async function runInside(order: InsideOrder): Promise<ErrorInfo | undefined> {
  if (order.call) return runCall(order.call, order.port);
  isBusy = true;
  const error = await closeResources();
  isBusy = false;
  return error && errorInfo(error);
}

async function runCall(call: InsideCall, port: MessagePort | undefined): Promise<undefined> {
  const { callId } = call;
  const abort = new LazyAbort();
  const line = openLine(port, (message) => {
    if (message?.callId !== callId) return;
    if (message.abort) abort.abort(remade(message.abort));
    if (message.answer) relay.hear(message.answer);
  });
  const relay = new StoreRelay((asked) => line.send({ callId, kind: 'store', ...asked }));
  const calls = new RunCalls((method, params) => relay.call(method, params));
  isBusy = true;
  line.send({ callId, kind: 'arrived', place: isMainThread ? process.pid : threadId });
  const outcome = await execute(call, line, calls, abort);
  calls.end();
  line.send({ callId, kind: 'ended', outcome: outwardOutcome(outcome) });
  // The worker ends this thread or child process, in which the module stays as it is: it must not be free for another call first.
  if (isPlaceFailure(outcome)) await new Promise<never>(() => {});
  isBusy = false;
  line.close();
}

async function execute(
  call: InsideCall,
  line: InsideLine,
  calls: RunCalls,
  stop: StopSignal,
): Promise<Executed | Failed> {
  const { callId, payload, run, logLevel } = call;
  const logger = insideLogger(logLevel, (text) => line.send({ callId, kind: 'log', line: text }));
  const { runId, jobId, jobStore } = run;
  const scheduledRunTime = new Date(run.scheduledRunTime);
  const contracts = contractsOf.get(jobStore) ?? new ContractMemory();
  contractsOf.set(jobStore, contracts);
  const telemetry = run.trace ? [handedOn(run.trace)] : undefined;
  const parts = { runId, jobStore, by: actorOf(runId, payload.task), telemetry };
  try {
    const execution: Execution = {
      ...run,
      scheduledRunTime,
      get previousFireTime() {
        return previousOf(payload.timing, jobId, scheduledRunTime);
      },
      logger,
      scheduler: new RunScheduler({ ...parts, calls, contracts, clock: systemClock, chance: systemChance, logger }),
      onProgress(json) {
        if (!calls.isOver) line.send({ callId, kind: 'progress', json });
      },
    };
    const isFirst = !loaded.has(call.taskFile);
    const { tasks, resources } = await loadedOf(call);
    line.send({ callId, kind: 'loaded', ...(isFirst && { schemas: schemaPrints(tasks) }) });
    const failure = await resources.open();
    if (failure) return failure;
    line.send({ callId, kind: 'open', hasTeardown: resources.hasTeardown });
    if (stop.aborted) return thrown(stop.reason);
    line.send({ callId, kind: 'begun' });
    return await callTask(tasks, { payload, execution, calls }, stop);
  } catch (error) {
    return placeFailed('TASK_FILE', `the tasks cannot be loaded: ${(error as Error).message}`);
  }
}

interface Loaded {
  readonly tasks: TaskFunctions;
  readonly resources: Resources;
}

const loaded = new Map<string, Loaded>();

async function loadedOf(call: InsideCall): Promise<Loaded> {
  const { taskFile } = call;
  const known = loaded.get(taskFile) ?? (await load(call));
  loaded.set(taskFile, known);
  return known;
}

async function load({ taskFile, loadMs: timeout, limits }: InsideCall): Promise<Loaded> {
  const url = new URL(taskFile);
  const { tasks, ...hooks } = await loadTasks(url, { timeout });
  const parts = { ...hooks, ...limits, owner: fileURLToPath(url), clock: systemClock };
  return { tasks: registerTasks(tasks), resources: new Resources(parts) };
}

/** Returns why it failed. */
async function closeResources(): Promise<Error | undefined> {
  const all = [...loaded.values()].map(({ resources }) => resources.close());
  return (await Promise.all(all)).find((error) => error !== undefined);
}

/** A thrown value is not sent, only a description of it. */
function outwardOutcome(outcome: Executed | Failed): (OutwardMessage & { kind: 'ended' })['outcome'] {
  if (outcome.outcome === 'executed') return outcome;
  const { error, steering } = outcome;
  return { outcome: 'error', error, steering: { ...steering, names: [...steering.names] } };
}

/**
 * Ends a child process when its worker ends, or when the worker ends it. A signal to the whole process group, as a terminal and systemd
 * send it, is ignored: the worker gets it too, and lets running tasks finish.
 */
function obeyWorker(): void {
  const bare = { execArgv: [], env: {}, workerData: process.ppid };
  new Worker(new URL('./orphan-watch.js', import.meta.url), bare).unref();
  process.on('disconnect', () => process.exit());
  process.on('SIGINT', () => {});
  process.on('SIGTERM', async () => {
    if (isBusy) return;
    const error = await closeResources();
    if (error) console.error(error.message);
    // A call may have come meanwhile.
    if (!isBusy) process.exit();
  });
}
