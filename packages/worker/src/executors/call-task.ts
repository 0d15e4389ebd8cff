import { MAX_PAYLOAD_LENGTH } from '@carillon/core/internal';
import { callAs } from '../current-run.js';
import type { StopSignal } from '../lazy-abort.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { RunCalls } from '../run-calls.js';
import type { TaskFunctions } from '../tasks.js';
import { type Executed, type Failed, failed, type Outcome, thrown } from './outcome.js';
import type { TaskCall } from './task-runner.js';

const UNKNOWN_TASK = 'UNKNOWN_TASK';
const UNKNOWN_TASK_NAME = 'UnknownTaskError';

/** Whether a task was not called, as this worker does not have it. */
export function isUnknownTask(outcome: Outcome): boolean {
  if (outcome.outcome !== 'error') return false;
  const { code, name } = outcome.error;
  return code === UNKNOWN_TASK && name === UNKNOWN_TASK_NAME;
}

/**
 * Calls a task for one fire time in this process, and waits for the calls of its scheduler that it has begun. Never throws or rejects.
 * @param stop the signal that ends it
 */
export function callTask(
  tasks: TaskFunctions,
  { payload: { task, args, kwargs }, execution, calls }: Pick<TaskCall, 'payload' | 'execution' | 'calls'>,
  stop: StopSignal,
): MaybePromise<Executed | Failed> {
  const callable = tasks.get(task);
  if (!callable) {
    return failed(
      `this worker has no task ${JSON.stringify(task)}: deploy it, or give the job an executor whose workers have it`,
      UNKNOWN_TASK,
      UNKNOWN_TASK_NAME,
    );
  }
  let outcome: Executed | Failed;
  try {
    const all = kwargs === undefined ? args : [...args, kwargs];
    const value = callAs(execution, stop, callable, all as never);
    if (isThenable(value)) return answered(value, calls);
    outcome = written(value);
  } catch (error) {
    outcome = thrown(error);
  }
  return calls.isUsed ? calls.idle().then(() => outcome) : outcome;
}

async function answered(value: PromiseLike<unknown>, calls: RunCalls): Promise<Executed | Failed> {
  try {
    return written(await value);
  } catch (error) {
    return thrown(error);
  } finally {
    if (calls.isUsed) await calls.idle();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return typeof (value as PromiseLike<unknown>).then === 'function';
}

export function written(value: unknown): Executed | Failed {
  const json = JSON.stringify(value) ?? 'null';
  if (json.length <= MAX_PAYLOAD_LENGTH) return { outcome: 'executed', json };
  const kibibytes = Math.ceil(json.length / 1024);
  return failed(
    `the task's result is ${kibibytes} KiB of JSON; at most ${MAX_PAYLOAD_LENGTH / 1024} KiB: return a reference`,
    'RESULT_TOO_LARGE',
  );
}
