import { type ErrorInfo, errorInfo, type Steering } from '@carillon/core/internal';
import { steeringOf, unsteered } from './steering.js';

/** The outcome of a call of a task. `aborted`: the task was stopped for a reason outside of it, and the run will run again. */
export type Outcome = Ended | { readonly outcome: 'aborted' };

/** An outcome to settle. A cancelled run counts as cancelled, however its task reacted. */
export type Ended = Executed | Failed | { readonly outcome: 'cancelled' };

/** `json` is the result of the task. */
export interface Executed {
  readonly outcome: 'executed';
  readonly json: string;
}

/** `thrown` is for logs; from another thread or process, it is a copy of the error there. */
export interface Failed {
  readonly outcome: 'error';
  readonly error: ErrorInfo;
  readonly thrown: unknown;
  readonly steering: Steering;
}

export function thrown(error: unknown): Failed {
  return { outcome: 'error', error: errorInfo(error), thrown: error, steering: steeringOf(error) };
}

/** An error that the task did not throw, so that a stack would not help. */
export function failed(message: string, code: string, name = 'Error'): Failed {
  const error = { name, message, code };
  return { outcome: 'error', error, thrown: remade(error), steering: unsteered(name) };
}

/** Errors of a place where tasks run, by code: its module of tasks cannot be loaded, or the resources of the tasks cannot be opened. */
const PLACE_FAILURES = { TASK_FILE: 'TaskFileError', TASK_SETUP: 'TaskSetupError' } as const;

export function placeFailed(code: keyof typeof PLACE_FAILURES, message: string): Failed {
  return failed(message, code, PLACE_FAILURES[code]);
}

/** Whether no task was called, as its place cannot run any. */
export function isPlaceFailure(
  outcome: Executed | Failed | { readonly outcome: 'error'; readonly error: ErrorInfo },
): boolean {
  if (outcome.outcome === 'executed') return false;
  const { code, name } = outcome.error;
  return Object.entries(PLACE_FAILURES).some(([one, its]) => one === code && its === name);
}

/** An error as another thread or process described it. */
export function remade({ name, message, code, stack }: ErrorInfo): Error {
  const error = Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
  error.stack = stack ?? `${name}: ${message}`;
  return error;
}
