import { ConnectionError, ShutDownError, UnexpectedReplyError } from '@carillon/core';
import type { ErrorInfo } from '@carillon/core/internal';
import type { StoreCall } from '../../run-calls.js';
import type { OutwardMessage, StoreAnswer } from '../messages.js';
import { remade } from '../outcome.js';

type Asked = Pick<OutwardMessage & { kind: 'store' }, 'id' | 'method' | 'json'>;

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls the job store through the worker, from a thread or child process, for one call of a task. */
export class StoreRelay {
  readonly #ask: (asked: Asked) => void;
  readonly #waiters = new Map<number, Waiter>();
  #asked = 0;

  constructor(ask: (asked: Asked) => void) {
    this.#ask = ask;
  }

  readonly call: StoreCall = (method, params) => {
    this.#asked++;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      this.#ask({ id, method, json: JSON.stringify(params) });
    });
  };

  hear({ id, json, error }: StoreAnswer): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (error) waiter?.reject(familiar(error));
    else waiter?.resolve(JSON.parse(json));
  }
}

/** Errors of a job store; all other errors are thrown in this process. */
const FAMILY = new Map<string | undefined, { readonly prototype: Error }>([
  ['CONNECTION', ConnectionError],
  ['UNEXPECTED_REPLY', UnexpectedReplyError],
  ['SHUT_DOWN', ShutDownError],
]);

/** Rebuilds an error that the worker sent, with its class if it is one of Carillon's. */
function familiar(error: ErrorInfo): Error {
  const type = FAMILY.get(error.code);
  return type ? Object.setPrototypeOf(remade(error), type.prototype) : remade(error);
}
