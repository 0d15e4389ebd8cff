import type { Duration } from '../duration.js';
import type { Overlap } from '../ports/ledger.js';
import type { Call } from '../tasks.js';
import type { Trigger } from '../trigger/index.js';

/** The options of a job: all but its task and arguments. */
export interface JobOptions {
  /** 1 to 255 characters, no control characters. Left out: generated. */
  readonly id?: string | undefined;
  /** For people. Left out: the id. */
  readonly name?: string | undefined;
  /**
   * Words to find the job by, and to give rights by: at most 10, each 1 to 64 letters, digits, `.`, `_`, `:`, `/`, `@`, `+` or `-`, the
   * first a letter or digit. A set: the order does not count.
   */
  readonly tags?: readonly string[] | undefined;
  /** A description for people: 1 to 1,000 characters, no control characters; `null`, or left out: none. */
  readonly description?: string | null | undefined;
  /** Left out: once, now. */
  readonly trigger?: Trigger | undefined;
  /** The job store's alias; default: `'default'`. */
  readonly jobStore?: string | undefined;
  /** The first fire time, in place of the trigger's; in the past: at once. `null` adds the job paused. */
  readonly nextRunTime?: Date | null | undefined;
  /** Whether a job of this id may be replaced. One with an equal trigger keeps its next run time and whether it is paused. */
  readonly replaceExisting?: boolean | undefined;
  /**
   * The call is refused with an `UnknownTaskError` unless a living worker that serves the executor has the task now. Left out: the workers
   * are not checked.
   */
  readonly requireTask?: boolean | undefined;
  /**
   * After how many fire times the job ends, 1 to 100,000, whatever their outcomes; `null`, or left out: when its trigger ends. They count
   * from when the trigger, the next run time or this was set; not while the job is paused.
   */
  readonly maxRuns?: number | null | undefined;
  /**
   * Whether metrics report this job by its id: its last success, its last outcome and its next run. Default: `false`. Metrics report
   * the first 1,000 such jobs of a job store.
   */
  readonly metrics?: boolean | undefined;
}

/** How a run is executed. */
export interface ExecutionPolicy {
  /** When a failed or timed-out execution is tried again. `null`, or left out: never. */
  readonly retry?: Retry | null | undefined;
  /** How long one execution may take, up to 24 days: then its signal is aborted, and it is an error; `null`, or left out: no limit. */
  readonly timeout?: Duration | null | undefined;
  /** The order of an executor's queued runs: 0, or left out, goes first, then 1, 2, … up to 2,097,151. */
  readonly priority?: number | undefined;
}

/** How a failed run is tried again. Each attempt is a start of its own. The run keeps its place in `maxInstances` meanwhile. */
export interface Retry {
  /** How many attempts in all, the first one included, 1 to 100. */
  readonly attempts: number;
  readonly backoff?: BackoffOptions | undefined;
  /** Up to 100 names of errors after which there is no further attempt: the name of the error, of its class, or of a class above it. */
  readonly unless?: readonly string[] | undefined;
}

/** How long to wait before the next attempt. Left out: 1 s, then 2 s, 4 s, … up to an hour. */
export interface BackoffOptions {
  /** `'exponential'`, or left out: twice as long each time. */
  readonly type?: 'fixed' | 'exponential' | undefined;
  /** Before the second attempt, up to 365 days. */
  readonly delay: Duration;
  /** The longest delay; left out: an hour, or `delay` where that is longer. */
  readonly maxDelay?: Duration | undefined;
  /** The fraction, 0 to 1, by which a delay may be shortened at random; default: 0. */
  readonly jitter?: number | undefined;
}

/** How many outcomes of a job's runs are kept, and how long, for `getRun`, `getRuns` and `RunHandle.result`. */
export interface History {
  /** How many runs, the newest ones, 1 to 10,000; default: 100. */
  readonly perJob?: number | undefined;
  /** How long, up to 365 days; default: 7 days. */
  readonly age?: Duration | undefined;
}

/** How much of a job's past the job store keeps: its changes and outcomes, for `explain`, `audit` and `recentOutcomes`. */
export interface Account {
  /** How many entries, the newest ones, 2 to 100,000; 1,000 where it is left out. Outcomes at equal distances share one entry. */
  readonly entries?: number | undefined;
  /** How long, up to 3,650 days; default: 90 days. */
  readonly age?: Duration | undefined;
}

/** How a job runs. */
export interface JobPolicy extends ExecutionPolicy {
  /** Alias of the queue that workers serve; default: `'default'`. */
  readonly executor?: string | undefined;
  /** How many of its runs may live at once, in the whole cluster; default: 1. */
  readonly maxInstances?: number | undefined;
  /** How late a run may start, up to 36,500 days; `null`, or left out: no limit. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** Whether a backlog of fire times results in one run for the newest one (`true`, or left out), or in one execution for each. */
  readonly coalesce?: boolean | undefined;
  /**
   * What a fire does while the job has as many live runs as `maxInstances` allows. `'skip'`, or left out: it does not run. `'queue'`: it
   * waits until one of them has ended; a newer one takes its place. `'replace'`: it waits too, and the oldest of them is cancelled.
   */
  readonly overlap?: Overlap | undefined;
  /** `null`, or left out: only what `lastRun` shows is kept. The runs of `runJob` are then kept for an hour. */
  readonly history?: History | null | undefined;
  /** `null`, or left out: the limits of the coordinator that leads the job store. An entry has some 50 bytes. */
  readonly account?: Account | null | undefined;
}

/** A job to add: one member of the union for each task. */
export type JobSpec<T> = Call<T> & JobOptions & JobPolicy;

/** A job spec whose task is one of `K`: where the compiler infers `K` from it, its message names the parameters of that task only. */
export type JobSpecOf<T, K> = string extends keyof T
  ? JobSpec<T>
  : { readonly task: K } & Extract<JobSpec<T>, { readonly task: K }>;

type Uncalled = { readonly task?: undefined; readonly args?: undefined; readonly kwargs?: undefined };

/** The changes of `modifyJob`; fields that are left out stay. `args` and `kwargs` need `task` beside them. */
export type JobChanges<T> = (Call<T> | Uncalled) & OtherChanges;

type OtherChanges = JobPolicy & Omit<JobOptions, 'id' | 'jobStore' | 'replaceExisting' | 'requireTask'>;

/** Changes whose task, if there is one, is one of `K`; as `JobSpecOf` is for a spec. */
export type JobChangesOf<T, K> = string extends keyof T
  ? JobChanges<T>
  : (({ readonly task: K } & Extract<Call<T>, { readonly task: K }>) | Uncalled) & OtherChanges;
