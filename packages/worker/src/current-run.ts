import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonValue, TaskMap, TaskScheduler, UntypedTasks } from '@carillon/core';
import { jsonFault } from '@carillon/core/internal';
import type { Logger } from 'pino';

/** What a task can know of the run it is called for. `T` is the type of the workers' task map. */
export interface CurrentRun<T extends TaskMap<T> = UntypedTasks> {
  readonly runId: string;
  /** The same each time this fire time is executed, however often it is tried: an idempotency key. */
  readonly executionId: string;
  /** null: enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  /** The fire time that the trigger named, however late it is now. */
  readonly scheduledRunTime: Date;
  /** How often this fire time was started, this time included: 1 at first. */
  readonly attempt: number;
  /**
   * Aborted when the execution takes longer than its timeout, when the run is cancelled or lost to another worker, and at shutdown
   * when the time to finish is over. Its `reason` is an error; `reason.code` is `RUN_TIMEOUT` or `RUN_CANCELLED` in the first two
   * cases.
   */
  readonly signal: AbortSignal;
  /** The worker's, with the run's ids. */
  readonly logger: Logger;
  /**
   * Enqueues runs, and adds and changes jobs, in the job store of this run, without a connection of its own. The run ends once all
   * calls that its task has begun are answered; later calls are refused with a `ShutDownError`.
   */
  readonly scheduler: TaskScheduler<T>;
  /**
   * Tells how far the task is, to whoever looks at the run: any JSON of at most 16 KiB. Only what was told last counts.
   * @throws TypeError if the value does not survive JSON, RangeError if it is too large
   */
  progress(value: JsonValue): void;
}

/** All of it but `progress`, which tells somebody. */
export type RunParts = Omit<CurrentRun, 'progress'>;

const MAX_PROGRESS_LENGTH = 16 * 1024;

/** @param onProgress is given JSON, until `end()` is called. */
export function currentRunOf(
  parts: RunParts,
  onProgress: (json: string) => void,
): { readonly current: CurrentRun; readonly end: () => void } {
  let isOver = false;
  const progress = (value: JsonValue) => {
    const json = progressJson(value);
    if (!isOver) onProgress(json);
  };
  const end = () => {
    isOver = true;
  };
  return { current: { ...parts, progress }, end };
}

function progressJson(value: JsonValue): string {
  const fault = jsonFault(value, 'progress');
  if (fault) throw new TypeError(`${fault}, which does not survive JSON: pass plain data`);
  const json = JSON.stringify(value);
  if (json.length <= MAX_PROGRESS_LENGTH) return json;
  const kibibytes = Math.ceil(json.length / 1024);
  throw new RangeError(`progress is ${kibibytes} KiB of JSON; at most ${MAX_PROGRESS_LENGTH / 1024} KiB: tell less`);
}

const storage = new AsyncLocalStorage<CurrentRun>();

/**
 * The run that the calling task is called for. `T`, the type of the workers' task map, is for its `scheduler`.
 * @throws Error outside a task.
 */
export function currentRun<T extends TaskMap<T> = UntypedTasks>(): CurrentRun<T> {
  const run = storage.getStore();
  if (!run) throw new Error('currentRun() is for tasks: call it inside a task that a worker runs');
  return run as unknown as CurrentRun<T>;
}

/** Calls a task as its run. What listens to the run's signal is called as that run too, not as whoever aborts it. */
export function withCurrentRun<T>(run: CurrentRun, call: () => T): T {
  let own: AbortSignal | undefined;
  const current: CurrentRun = {
    ...run,
    // Made as it is asked for: most tasks never do.
    get signal() {
      own ??= signalWithin(current, run.signal);
      return own;
    },
  };
  return storage.run(current, call);
}

/** Aborted with another one, within a run. */
function signalWithin(run: CurrentRun, signal: AbortSignal): AbortSignal {
  const abort = new AbortController();
  const pass = () => storage.run(run, () => abort.abort(signal.reason));
  if (signal.aborted) pass();
  else signal.addEventListener('abort', pass, { once: true });
  return abort.signal;
}
