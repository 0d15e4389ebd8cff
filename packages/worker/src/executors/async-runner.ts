import type { Clock, RunPayload } from '@carillon/core/internal';
import type { CurrentRun } from '../current-run.js';
import type { TaskFunctions } from '../tasks.js';
import { callTask } from './call-task.js';
import { Limits } from './limits.js';
import type { Outcome } from './outcome.js';
import { Slots } from './slots.js';
import type { TaskRunner } from './task-runner.js';

/** Runs tasks on the event loop of the worker. What does not heed its signal cannot be stopped there. */
export class AsyncRunner implements TaskRunner {
  readonly #tasks: TaskFunctions;
  readonly #slots: Slots;
  readonly #limits: Limits;

  constructor(tasks: TaskFunctions, concurrency: number, clock: Clock) {
    this.#tasks = tasks;
    this.#slots = new Slots(concurrency);
    this.#limits = new Limits(clock);
  }

  async run(payload: RunPayload, run: CurrentRun, cancelled?: AbortSignal): Promise<Outcome> {
    let isIn = false;
    const call = async (signal: AbortSignal, begin: () => void): Promise<Outcome> => {
      isIn = await this.#slots.enter(signal);
      if (!isIn) return { outcome: 'aborted' };
      begin();
      return callTask(this.#tasks, payload, { ...run, signal });
    };
    const { timeoutMs } = payload;
    try {
      const start = (signal: AbortSignal, begin: () => void) => ({ ended: call(signal, begin) });
      return await this.#limits.run({ signal: run.signal, cancelled, timeoutMs, start });
    } finally {
      // Code that does not end takes no place for ever.
      if (isIn) this.#slots.leave();
    }
  }

  close(): Promise<void> {
    return this.#limits.close();
  }
}
