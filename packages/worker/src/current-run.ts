import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonValue, TaskMap, TaskScheduler, TraceContext, UntypedTasks } from '@carillon/core';
import { jsonFault } from '@carillon/core/internal';
import type { Logger } from 'pino';
import { ExecutionFacts } from './execution-facts.js';
import type { StopSignal } from './lazy-abort.js';

/**
 * The run for which a task is called. `T` is the type of the workers' task map. Its logger, scheduler, signal, trace and previous fire
 * time are created when they are read: read them by name, as a copy by `...` does not have them.
 */
export interface CurrentRun<T extends TaskMap<T> = UntypedTasks> {
  readonly runId: string;
  /** The idempotency key: the same in each attempt for this fire time. */
  readonly executionId: string;
  /** null if it was enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  /** The fire time that the trigger named, however late the run starts. */
  readonly scheduledRunTime: Date;
  /**
   * The fire time before this execution: the last one that the trigger names before `scheduledRunTime` and before all fire times that
   * were coalesced into this run. The data interval of the execution begins after it and ends at `scheduledRunTime`. null if there is
   * none, or a caller requested the run (`runJob`, `enqueue`).
   */
  readonly previousFireTime: Date | null;
  /** The number of this attempt for this fire time, from 1. */
  readonly attempt: number;
  /**
   * Aborted when the execution takes longer than its timeout, when the run is cancelled or lost to another worker, and when
   * `shutdownTimeout` has passed. Its `reason` is an error; `reason.code` is `RUN_TIMEOUT` or `RUN_CANCELLED` in the first two cases.
   */
  readonly signal: AbortSignal;
  /** The worker's logger, with the ids of the run. */
  readonly logger: Logger;
  /**
   * The trace of this execution in the form of W3C Trace Context, for work of the task in a thread, a child process or another program.
   * null if the worker has no `telemetry` that traces.
   */
  readonly trace: TraceContext | null;
  /**
   * Enqueues runs, and adds and changes jobs, in the job store of this run, over the worker's connection. The run ends after all calls
   * of its task have returned; later calls are refused with a `ShutDownError`.
   */
  readonly scheduler: TaskScheduler<T>;
  /**
   * Reports the progress of the task to clients that read the run: any JSON of at most 16 KiB. A report replaces the one before.
   * @throws TypeError if the value does not survive JSON, RangeError if it is too large
   */
  progress(value: JsonValue): void;
}

/** One execution: the facts and the objects that its task gets. */
export interface Execution extends ExecutionFacts {
  readonly previousFireTime: Date | null;
  readonly logger: Logger;
  readonly scheduler: TaskScheduler;
  readonly trace: TraceContext | null;
  /** Given JSON. */
  onProgress(json: string): void;
}

const MAX_PROGRESS_LENGTH = 16 * 1024;

function progressJson(value: JsonValue): string {
  const fault = jsonFault(value, 'progress');
  if (fault) throw new TypeError(`${fault}, which does not survive JSON: pass plain data`);
  const json = JSON.stringify(value);
  if (json.length <= MAX_PROGRESS_LENGTH) return json;
  const kibibytes = Math.ceil(json.length / 1024);
  throw new RangeError(`progress is ${kibibytes} KiB of JSON; at most ${MAX_PROGRESS_LENGTH / 1024} KiB: report less`);
}

const storage = new AsyncLocalStorage<Call>();

/**
 * Returns the run of the calling task. `T`, the type of the workers' task map, is for its `scheduler`.
 * @throws Error outside a task.
 */
export function currentRun<T extends TaskMap<T> = UntypedTasks>(): CurrentRun<T> {
  const call = storage.getStore();
  if (!call) throw new Error('currentRun() is for tasks: call it inside a task that a worker runs');
  return call.run as unknown as CurrentRun<T>;
}

/** Calls a task as this execution, which `stop` ends. */
export function callAs<Args extends readonly unknown[], T>(
  execution: Execution,
  stop: StopSignal,
  task: (...args: Args) => T,
  args: Args,
): T {
  return storage.run(new Call(execution, stop), task as unknown as (...args: unknown[]) => T, ...args);
}

/** A task at work. Its run is made as it is asked for. */
class Call {
  readonly execution: Execution;
  readonly stop: StopSignal;
  #run: TaskRun | undefined;

  constructor(execution: Execution, stop: StopSignal) {
    this.execution = execution;
    this.stop = stop;
  }

  get run(): CurrentRun {
    this.#run ??= new TaskRun(this);
    return this.#run;
  }
}

/** The run as its task sees it. Members that most tasks never read are created when they are read. */
class TaskRun extends ExecutionFacts implements CurrentRun {
  readonly #call: Call;
  readonly #execution: Execution;
  #signal: AbortSignal | undefined;
  #previous: Date | null | undefined;

  constructor(call: Call) {
    super(call.execution);
    this.#call = call;
    this.#execution = call.execution;
  }

  get logger(): Logger {
    return this.#execution.logger;
  }

  get scheduler(): TaskScheduler {
    return this.#execution.scheduler;
  }

  get trace(): TraceContext | null {
    return this.#execution.trace;
  }

  get previousFireTime(): Date | null {
    if (this.#previous === undefined) this.#previous = this.#execution.previousFireTime;
    return this.#previous;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#signalWithin();
    return this.#signal;
  }

  readonly progress = (value: JsonValue): void => this.#execution.onProgress(progressJson(value));

  /** Its listeners are called within this run, too, and not within the run that aborts it. */
  #signalWithin(): AbortSignal {
    const { stop } = this.#call;
    const abort = new AbortController();
    const pass = () => storage.run(this.#call, () => abort.abort(stop.reason));
    if (stop.aborted) pass();
    else stop.onAbort(pass);
    return abort.signal;
  }
}
