import type { Clock } from '@carillon/core/internal';
import type { StopSignal } from '../lazy-abort.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { Resources } from '../resources.js';
import type { TaskFunctions } from '../tasks.js';
import { callTask } from './call-task.js';
import { Limits } from './limits.js';
import { type Outcome, thrown } from './outcome.js';
import type { TaskCall, TaskRunner } from './task-runner.js';

/** Runs tasks on the event loop of the worker. A task that ignores its signal cannot be stopped there. */
export class AsyncRunner implements TaskRunner {
  /** The tasks existed before their worker: they are always there. */
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

  run(given: TaskCall): MaybePromise<Outcome> {
    const { payload, stop: signal, cancelled } = given;
    const start = (stop: StopSignal, begin: () => void) => ({ ended: this.#start(given, stop, begin) });
    return this.#limits.run({ signal, cancelled, timeoutMs: payload.timeoutMs, start });
  }

  #start(given: TaskCall, stop: StopSignal, begin: () => void): MaybePromise<Outcome> {
    const opening = this.#resources.open();
    if (!opening) return this.#enter(given, stop, begin);
    return this.#startIn(opening, given, stop, begin);
  }

  async #startIn(opening: ReturnType<Resources['open']>, given: TaskCall, stop: StopSignal, begin: () => void) {
    const failure = await opening;
    return failure ?? (stop.aborted ? thrown(stop.reason) : this.#enter(given, stop, begin));
  }

  #enter(given: TaskCall, stop: StopSignal, begin: () => void): MaybePromise<Outcome> {
    begin();
    const { track } = this.#clock;
    if (!track) return callTask(this.#tasks, given, stop);
    return track.call(this.#clock, async () => callTask(this.#tasks, given, stop)) as Promise<Outcome>;
  }

  close(): Promise<void> {
    return this.#limits.close();
  }
}
