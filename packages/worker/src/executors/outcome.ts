import { type ErrorInfo, errorInfo, type Steering } from '@carillon/core/internal';
import { steeringOf, unsteered } from './steering.js';

/** What a call of a task came to; or the task was stopped for a reason that is none of its own: the run will run again. */
export type Outcome = Ended | { readonly outcome: 'aborted' };

/** What is to be settled. Where the run was cancelled, whatever its task made of that. */
export type Ended = Executed | Failed | { readonly outcome: 'cancelled' };

/** `json` is what the task returned. */
export interface Executed {
  readonly outcome: 'executed';
  readonly json: string;
}

/** `thrown` is for logs: of another thread or process, a likeness of what was thrown there. */
export interface Failed {
  readonly outcome: 'error';
  readonly error: ErrorInfo;
  readonly thrown: unknown;
  readonly steering: Steering;
}

export function thrown(error: unknown): Failed {
  return { outcome: 'error', error: errorInfo(error), thrown: error, steering: steeringOf(error) };
}

/** An error that is not the task's: it has no stack that would tell anything. */
export function failed(message: string, code: string, name = 'Error'): Failed {
  const error = { name, message, code };
  return { outcome: 'error', error, thrown: remade(error), steering: unsteered(name) };
}

/** The error of a module of tasks that cannot be loaded. */
export const TASK_FILE = 'TASK_FILE';
export const TASK_FILE_NAME = 'TaskFileError';

export function isTaskFileFailure({ code, name }: ErrorInfo): boolean {
  return code === TASK_FILE && name === TASK_FILE_NAME;
}

/** An error as another thread or process told of it. */
export function remade({ name, message, code, stack }: ErrorInfo): Error {
  const error = Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
  error.stack = stack ?? `${name}: ${message}`;
  return error;
}
