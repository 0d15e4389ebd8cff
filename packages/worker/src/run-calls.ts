import type { JobRecords } from '@carillon/core/internal';

/** The methods of the job store that the scheduler of a task calls. */
export const STORE_METHODS = [
  'read',
  'list',
  'find',
  'put',
  'hold',
  'submit',
  'cancel',
  'runs',
  'liveRuns',
  'history',
  'newest',
  'failures',
  'inspect',
] as const satisfies readonly (keyof JobRecords)[];

export type StoreMethod = (typeof STORE_METHODS)[number];

/** Calls a method of the job store with its one parameter. */
export type StoreCall = (method: StoreMethod, params: unknown) => Promise<unknown>;

export function recordsCall(records: JobRecords): StoreCall {
  return (method, params) => records[method](params as never);
}

/** The calls of the job store that the task of one run makes. */
export class RunCalls {
  readonly #call: StoreCall;
  #pending: Set<Promise<unknown>> | undefined;
  #isUsed = false;
  #isOver = false;
  #close: (() => void) | undefined;

  constructor(call: StoreCall) {
    this.#call = call;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Allows calls from now on; `close` is called once no more are allowed. */
  use(close: () => void): void {
    this.#isUsed = true;
    this.#close = close;
  }

  async call(method: StoreMethod, params: unknown): Promise<unknown> {
    this.#isUsed = true;
    const answered = this.#call(method, params);
    this.#pending ??= new Set();
    const pending = this.#pending.add(answered);
    try {
      return await answered;
    } finally {
      pending.delete(answered);
    }
  }

  /** Whether there may have been calls: the end of the run waits for them. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Resolves once all calls have returned, including those that follow from their results. */
  async idle(): Promise<void> {
    if (!this.#isUsed) return;
    do {
      await Promise.allSettled(this.#pending ?? []);
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#pending && this.#pending.size > 0);
  }

  end(): void {
    this.#isOver = true;
    this.#close?.();
  }
}
