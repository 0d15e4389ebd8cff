import type { Clock, RunPayload } from '@carillon/core/internal';
import type { CurrentRun } from '../current-run.js';
import type { Resources } from '../resources.js';
import type { RunCalls } from '../run-calls.js';
import type { TaskFunctions } from '../tasks.js';
import { callTask } from './call-task.js';
import { Limits } from './limits.js';
import { type Outcome, thrown } from './outcome.js';
import type { TaskRunner } from './task-runner.js';

/** Runs tasks on the event loop of the worker. What does not heed its signal cannot be stopped there. */
export class AsyncRunner implements TaskRunner {
  /** The tasks were there before their worker was. */
  readonly unserved = null;
  readonly #tasks: TaskFunctions;
  readonly #resources: Resources;
  readonly #clock: Clock;
  readonly #limits: Limits;

  /** @param resources what the tasks need; not closed with this */
  constructor(tasks: TaskFunctions, resources: Resources, clock: Clock) {
    this.#tasks = tasks;
    this.#resources = resources;
    this.#clock = clock;
    this.#limits = new Limits(clock);
  }

  run(payload: RunPayload, run: CurrentRun, calls: RunCalls, cancelled?: AbortSignal): Promise<Outcome> {
    const start = (signal: AbortSignal, begin: () => void) => {
      const call = () => callTask(this.#tasks, payload, { ...run, signal }, calls);
      const enter = () => {
        begin();
        return this.#clock.track?.(call) ?? call();
      };
      const opening = this.#resources.open();
      if (!opening) return { ended: enter() };
      const opened = (failure: Outcome | undefined) => failure ?? (signal.aborted ? thrown(signal.reason) : enter());
      return { ended: opening.then(opened) };
    };
    return this.#limits.run({ signal: run.signal, cancelled, timeoutMs: payload.timeoutMs, start });
  }

  close(): Promise<void> {
    return this.#limits.close();
  }
}
