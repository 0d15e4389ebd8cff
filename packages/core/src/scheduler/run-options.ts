import type { Duration } from '../duration.js';
import type { ExecutionPolicy, History } from '../job/spec.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { ChangeOptions } from './change-options.js';
import type { ResultOptions } from './run-handle.js';
import type { StoreChoice } from './store-choice.js';

export interface RunJobOptions extends ChangeOptions {
  /** The arguments of this run; default: those of the job. */
  readonly args?: readonly JsonValue[] | undefined;
  readonly kwargs?: JsonObject | undefined;
  /** A second call with an equal key for the same job enters no run: it returns the handle of the first run. */
  readonly dedupe?: Dedupe | undefined;
}

/** The options of `enqueue`. The defaults are those of `jobDefaults`. */
export interface EnqueueOptions extends ChangeOptions, ExecutionPolicy {
  /** Alias of the queue that workers serve; default: `'default'`. */
  readonly executor?: string | undefined;
  /** How long its outcome is kept, 1 s to 365 days; `null` means an hour. `'none'` keeps nothing: no client can wait for the result. */
  readonly history?: Pick<History, 'age'> | 'none' | null | undefined;
  /** How long from now it runs, by the clock of Redis, up to 36,500 days; default: at once. It excludes `at`. */
  readonly delay?: Duration | undefined;
  /**
   * When it runs: a Date, or an ISO string with its offset. If that is in the past, it runs at once, with that instant as its scheduled
   * run time.
   */
  readonly at?: Date | string | undefined;
  /** How late it may start after the requested instant; `null` means without a limit, as by default. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** A second call with an equal key enters no run: it returns the handle of the first run. */
  readonly dedupe?: Dedupe | undefined;
  /**
   * Whether the call is refused with an `UnknownTaskError` if no living worker of the executor has the task now. By default, the
   * workers are not checked.
   */
  readonly requireTask?: boolean | undefined;
}

/** Which requests are the same request. */
export interface Dedupe {
  /** 1 to 255 characters. Equal keys of different tasks, or in different job stores, are different. */
  readonly key: string;
  /** How long the key is kept from the first call on, 1 ms to 365 days, also after the run has ended. */
  readonly for: Duration;
}

export interface GetResultOptions extends StoreChoice, ResultOptions {}
