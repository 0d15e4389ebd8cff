import { InvalidOptionsError, type JsonValue, type TaskFunction } from '@carillon/core';
import { checkNames, defaultLogger, jsonFault, shown } from '@carillon/core/internal';
import type { Logger } from 'pino';
import { type CurrentRun, callAs, type Execution } from '../current-run.js';
import { written } from '../executors/call-task.js';
import { stopSignalOf } from '../lazy-abort.js';
import { executionIdOf } from '../settlement.js';
import { type GivenScheduler, schedulerOf } from './given-scheduler.js';

/** The values that `currentRun()` returns to the task; all are optional. */
export interface RunTaskOptions
  extends Partial<Pick<CurrentRun, 'runId' | 'executionId' | 'jobId' | 'jobStore' | 'attempt' | 'signal' | 'logger'>> {
  /** The fire time that the trigger named; default: now. */
  readonly scheduledRunTime?: Date | undefined;
  /** The fire time before it; default: null. */
  readonly previousFireTime?: Date | null | undefined;
  /** Called with each value that the task passes to `progress`. */
  readonly onProgress?: ((value: JsonValue) => void) | undefined;
  /**
   * The scheduler behind `currentRun().scheduler`: a Scheduler, such as that of `testCluster`, or an object with the methods that the
   * task calls.
   */
  readonly scheduler?: GivenScheduler | undefined;
}

const NAMES = [
  'runId',
  'executionId',
  'jobId',
  'jobStore',
  'scheduledRunTime',
  'previousFireTime',
  'attempt',
  'signal',
  'logger',
  'scheduler',
];

/**
 * Calls a task as a worker does, for unit tests: `currentRun()` returns a run made from the options. Returns the result of the task,
 * and rejects with the error that it throws.
 *
 * @param args the arguments of the task. A value that JSON cannot carry is refused, as by `addJob`
 * @throws InvalidOptionsError if an option is wrong; TypeError if JSON cannot carry an argument or the result; an error with code
 * `RESULT_TOO_LARGE` if the result is larger than a worker accepts
 */
export async function runTask<F extends TaskFunction>(
  task: F,
  args: Readonly<Parameters<F>>,
  options: RunTaskOptions = {},
): Promise<Awaited<ReturnType<F>>> {
  if (typeof task !== 'function') throw new InvalidOptionsError('runTask: the task is not a function');
  checkNames(options, [...NAMES, 'onProgress'], 'runTask');
  let isOver = false;
  const onProgress = (json: string) => void (isOver || options.onProgress?.(JSON.parse(json)));
  const { signal = new AbortController().signal } = options;
  try {
    const execution = { ...factsOf(options), onProgress };
    const value = await callAs(execution, stopSignalOf(signal), task, carried(args) as Parameters<F>);
    const result = written(value);
    if (result.outcome === 'error') throw result.thrown;
    return value as Awaited<ReturnType<F>>;
  } finally {
    isOver = true;
  }
}

function factsOf(options: RunTaskOptions): Omit<Execution, 'onProgress'> {
  const { runId = 'test', jobId = null, jobStore = 'default', attempt = 1 } = options;
  const { scheduledRunTime = new Date(), logger = silent() } = options;
  const { previousFireTime = null } = options;
  if (!isInstant(scheduledRunTime)) throw new InvalidOptionsError('runTask: scheduledRunTime is not a valid Date');
  if (previousFireTime !== null && !(isInstant(previousFireTime) && previousFireTime < scheduledRunTime)) {
    throw new InvalidOptionsError('runTask: previousFireTime is not a valid Date before scheduledRunTime, or null');
  }
  if (!Number.isSafeInteger(attempt) || attempt < 1) {
    throw new InvalidOptionsError(`runTask: attempt ${shown(attempt)} is not a whole number from 1 on`);
  }
  const executionId = options.executionId ?? executionIdOf(runId, 0);
  const scheduler = schedulerOf(options.scheduler);
  const facts = { runId, executionId, jobId, jobStore, scheduledRunTime, previousFireTime, attempt };
  return { ...facts, logger, scheduler, trace: null };
}

function isInstant(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** The arguments as a worker reads them from the job store. */
function carried(args: readonly unknown[]): unknown[] {
  if (!Array.isArray(args)) throw new InvalidOptionsError('runTask: args is not an array');
  const fault = jsonFault(args, 'args');
  if (fault) throw new TypeError(`${fault}, which does not survive JSON: pass plain data`);
  return JSON.parse(JSON.stringify(args));
}

function silent(): Logger {
  const logger = defaultLogger();
  logger.level = 'silent';
  return logger;
}
