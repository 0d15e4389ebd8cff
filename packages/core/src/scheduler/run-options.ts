import type { Duration } from '../duration.js';
import type { ExecutionPolicy, History } from '../job/spec.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { ChangeOptions } from './change-options.js';
import type { ResultOptions } from './run-handle.js';
import type { StoreChoice } from './store-choice.js';

export interface RunJobOptions extends ChangeOptions {
  /** What its task is called with this time; left out: what the job has. */
  readonly args?: readonly JsonValue[] | undefined;
  readonly kwargs?: JsonObject | undefined;
  /** A second call with an equal key of the same job enters no run: its handle is that of the first run. */
  readonly dedupe?: Dedupe | undefined;
}

/** What is left out is as `jobDefaults` has it. */
export interface EnqueueOptions extends ChangeOptions, ExecutionPolicy {
  /** Alias of the queue that workers serve; else `'default'`. */
  readonly executor?: string | undefined;
  /** How long its outcome is kept, 1 s to 365 days; `null` means an hour; `'none'`: not at all, so that no client can wait for it. */
  readonly history?: Pick<History, 'age'> | 'none' | null | undefined;
  /** How long from now it runs, by Redis' clock, up to 36,500 days; left out: at once. Not together with `at`. */
  readonly delay?: Duration | undefined;
  /** It runs then: a Date, or an ISO string with its offset. In the past: at once, with that instant as its scheduled run time. */
  readonly at?: Date | string | undefined;
  /** How late it may start after the requested instant; `null`, or left out: it is never too late. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** A second call with an equal key enters no run: its handle is that of the first run. */
  readonly dedupe?: Dedupe | undefined;
  /**
   * The call is refused with an `UnknownTaskError` unless a living worker that serves the executor has the task now. Left out: the workers
   * are not checked.
   */
  readonly requireTask?: boolean | undefined;
}

/** What counts as the same request. */
export interface Dedupe {
  /** 1 to 255 characters. Equal keys of different tasks, or in different job stores, are different. */
  readonly key: string;
  /** How long from the first call on, 1 ms to 365 days, also after the run has ended. */
  readonly for: Duration;
}

export interface GetResultOptions extends StoreChoice, ResultOptions {}
