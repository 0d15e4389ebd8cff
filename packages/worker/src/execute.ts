import { RunCancelledError } from '@carillon/core';
import { type ErrorInfo, errorInfo, MAX_PAYLOAD_LENGTH, type RunPayload } from '@carillon/core/internal';
import { type CurrentRun, withCurrentRun } from './current-run.js';
import type { TaskRegistry } from './tasks.js';

/** What a call of a task came to. `json` is what it returned. */
export type Outcome =
  | { readonly outcome: 'executed'; readonly json: string }
  | { readonly outcome: 'error'; readonly error: ErrorInfo; readonly thrown: unknown }
  | { readonly outcome: 'cancelled' };

/** Calls a task for one fire time. Never rejects. */
export async function execute(
  tasks: TaskRegistry,
  { task, args, kwargs }: RunPayload,
  run: CurrentRun,
): Promise<Outcome> {
  const callable = tasks.get(task);
  if (!callable) {
    return failed(
      `this worker has no task ${JSON.stringify(task)}: deploy it, or give the job an executor whose workers have it`,
      'UNKNOWN_TASK',
    );
  }
  try {
    const all = kwargs === undefined ? args : [...args, kwargs];
    const value = await withCurrentRun(run, () => callable(...(all as never[])));
    return isCancelled(run) ? { outcome: 'cancelled' } : written(value);
  } catch (thrown) {
    if (isCancelled(run)) return { outcome: 'cancelled' };
    return { outcome: 'error', error: errorInfo(thrown), thrown };
  }
}

function isCancelled({ signal }: CurrentRun): boolean {
  return signal.reason instanceof RunCancelledError;
}

function written(value: unknown): Outcome {
  const json = JSON.stringify(value) ?? 'null';
  if (json.length <= MAX_PAYLOAD_LENGTH) return { outcome: 'executed', json };
  const kibibytes = Math.ceil(json.length / 1024);
  return failed(
    `the task's result is ${kibibytes} KiB of JSON; at most ${MAX_PAYLOAD_LENGTH / 1024} KiB: return a reference`,
    'RESULT_TOO_LARGE',
  );
}

export function failed(message: string, code: string): Outcome {
  const thrown = Object.assign(new Error(message), { code });
  return { outcome: 'error', error: { name: 'Error', message, code }, thrown };
}
