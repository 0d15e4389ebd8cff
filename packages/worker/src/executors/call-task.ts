import { MAX_PAYLOAD_LENGTH, type RunPayload } from '@carillon/core/internal';
import { type CurrentRun, withCurrentRun } from '../current-run.js';
import type { RunCalls } from '../run-calls.js';
import type { TaskFunctions } from '../tasks.js';
import { type Executed, type Failed, failed, type Outcome, thrown } from './outcome.js';

const UNKNOWN_TASK = 'UNKNOWN_TASK';
const UNKNOWN_TASK_NAME = 'UnknownTaskError';

/** Whether a task was not called, as it is not here. */
export function isUnknownTask(outcome: Outcome): boolean {
  if (outcome.outcome !== 'error') return false;
  const { code, name } = outcome.error;
  return code === UNKNOWN_TASK && name === UNKNOWN_TASK_NAME;
}

/** Calls a task for one fire time, here, and waits for the calls of its scheduler that it has begun. Never rejects. */
export async function callTask(
  tasks: TaskFunctions,
  { task, args, kwargs }: RunPayload,
  run: CurrentRun,
  calls: RunCalls,
): Promise<Executed | Failed> {
  const callable = tasks.get(task);
  if (!callable) {
    return failed(
      `this worker has no task ${JSON.stringify(task)}: deploy it, or give the job an executor whose workers have it`,
      UNKNOWN_TASK,
      UNKNOWN_TASK_NAME,
    );
  }
  try {
    const all = kwargs === undefined ? args : [...args, kwargs];
    return written(await withCurrentRun(run, () => callable(...(all as never[]))));
  } catch (error) {
    return thrown(error);
  } finally {
    await calls.idle();
  }
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
