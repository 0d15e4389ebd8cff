import type { JsonObject } from '../json.js';

/** An error as data: in `job_error` events and in results. */
export interface ErrorInfo {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
}

const MAX_STACK_LENGTH = 8_000;
const MAX_MESSAGE_LENGTH = 8_000;

/** Describes any thrown value, also one whose members throw when they are read. */
export function errorInfo(thrown: unknown): ErrorInfo {
  try {
    return described(thrown);
  } catch {
    return { name: 'Error', message: UNTELLABLE };
  }
}

const UNTELLABLE = 'something that cannot be written was thrown';

function described(thrown: unknown): ErrorInfo {
  if (!(thrown instanceof Error)) return { name: 'Error', message: inWords(thrown).slice(0, MAX_MESSAGE_LENGTH) };
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return {
    name: String(thrown.name),
    message: String(thrown.message).slice(0, MAX_MESSAGE_LENGTH),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof thrown.stack === 'string' ? { stack: thrown.stack.slice(0, MAX_STACK_LENGTH) } : {}),
  };
}

function inWords(thrown: unknown): string {
  try {
    return typeof thrown === 'object' ? (JSON.stringify(thrown) ?? String(thrown)) : String(thrown);
  } catch {
    return UNTELLABLE;
  }
}

/** The error, as JSON, of a run that lost too many workers in a row. */
export const WORKER_LOST = JSON.stringify({
  name: 'WorkerLostError',
  code: 'WORKER_LOST',
  message: 'the run lost its worker too often: its task may crash or block the process it runs in',
} satisfies ErrorInfo & JsonObject);
