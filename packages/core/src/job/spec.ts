import type { Duration } from '../duration.js';
import type { Overlap } from '../ports/ledger.js';
import type { Call } from '../tasks.js';
import type { Trigger } from '../trigger/index.js';

/** The options of a job apart from its task, arguments and policy. */
export interface JobOptions {
  /** 1 to 255 characters, no control characters; default: a generated id. */
  readonly id?: string | undefined;
  /** A name for people; default: the id. */
  readonly name?: string | undefined;
  /**
   * Words by which the job is found, and by which access is granted: at most 10, each 1 to 64 letters, digits, `.`, `_`, `:`, `/`, `@`,
   * `+` or `-`, the first a letter or digit. They are a set: their order does not matter.
   */
  readonly tags?: readonly string[] | undefined;
  /** A description for people: 1 to 1,000 characters, no control characters; default: `null`, none. */
  readonly description?: string | null | undefined;
  /** When the job fires; default: once, now. */
  readonly trigger?: Trigger | undefined;
  /** The job store's alias; default: `'default'`. */
  readonly jobStore?: string | undefined;
  /** The first fire time, in place of the trigger's first; one in the past fires at once. `null` adds the job paused. */
  readonly nextRunTime?: Date | null | undefined;
  /**
   * Whether an existing job of this id is replaced; default: `false`. If its trigger is equal, it keeps its next run time and whether
   * it is paused.
   */
  readonly replaceExisting?: boolean | undefined;
  /**
   * Whether the call is refused with an `UnknownTaskError` if no living worker of the executor has the task now. By default, the
   * workers are not checked.
   */
  readonly requireTask?: boolean | undefined;
  /**
   * The number of fire times after which the job ends, 1 to 100,000, whatever their outcomes; default: `null`, when its trigger ends.
   * The count begins when the trigger, the next run time or `maxRuns` is set, and stops while the job is paused.
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
  /** When a failed or timed-out execution is retried; default: `null`, never. */
  readonly retry?: Retry | null | undefined;
  /**
   * How long one execution may take, up to 24 days; default: `null`, no limit. After that, its signal is aborted and it ends as an
   * error.
   */
  readonly timeout?: Duration | null | undefined;
  /** The order of an executor's queued runs: 0 (the default) goes first, then 1, 2, … up to 2,097,151. */
  readonly priority?: number | undefined;
}

/** How a failed run is retried. The run counts for `maxInstances` until its last attempt has ended. */
export interface Retry {
  /** The total number of attempts, the first one included, 1 to 100. */
  readonly attempts: number;
  readonly backoff?: BackoffOptions | undefined;
  /** Up to 100 names of errors after which there is no further attempt: the name of the error, of its class, or of a class above it. */
  readonly unless?: readonly string[] | undefined;
}

/** How long to wait before the next attempt; default: 1 s, then 2 s, 4 s, … up to an hour. */
export interface BackoffOptions {
  /** `'exponential'` (the default) doubles the delay each time. */
  readonly type?: 'fixed' | 'exponential' | undefined;
  /** Before the second attempt, up to 365 days. */
  readonly delay: Duration;
  /** The longest delay; default: an hour, or `delay` if that is longer. */
  readonly maxDelay?: Duration | undefined;
  /** The fraction, 0 to 1, by which a delay may be shortened at random; default: 0. */
  readonly jitter?: number | undefined;
}

/** How many outcomes of a job's runs are kept, and for how long, for `getRun`, `getRuns` and `RunHandle.result`. */
export interface History {
  /** The most runs that are kept, the newest ones, 1 to 10,000; default: 100. */
  readonly perJob?: number | undefined;
  /** How long each is kept, up to 365 days; default: 7 days. */
  readonly age?: Duration | undefined;
}

/** How much of a job's past the job store keeps: its changes and outcomes, for `explain`, `audit` and `recentOutcomes`. */
export interface Account {
  /** The most entries that are kept, the newest ones, 2 to 100,000; default: 1,000. Outcomes at equal distances share one entry. */
  readonly entries?: number | undefined;
  /** How long each is kept, up to 3,650 days; default: 90 days. */
  readonly age?: Duration | undefined;
}

/** How a job runs. */
export interface JobPolicy extends ExecutionPolicy {
  /** Alias of the queue that workers serve; default: `'default'`. */
  readonly executor?: string | undefined;
  /** How many of its runs may be live at once, in the whole cluster; default: 1. */
  readonly maxInstances?: number | undefined;
  /** How late a run may start, up to 36,500 days; default: `null`, no limit. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** Whether a backlog of fire times results in one run for the newest one (`true`, the default), or in one execution for each. */
  readonly coalesce?: boolean | undefined;
  /**
   * What happens to a fire while the job has `maxInstances` live runs. `'skip'` (the default): it does not run. `'queue'`: it waits
   * until one of them has ended; a newer fire replaces it. `'replace'`: it waits too, and the oldest live run is cancelled.
   */
  readonly overlap?: Overlap | undefined;
  /**
   * How long outcomes are kept. By default, or with `null`, only what `lastRun` shows is kept, and the runs of `runJob` are kept for an
   * hour.
   */
  readonly history?: History | null | undefined;
  /**
   * How much of its past is kept; default: `null`, the limits of the coordinator that leads the job store. An entry takes about 50
   * bytes.
   */
  readonly account?: Account | null | undefined;
}

/** A job to add: one member of the union for each task. */
export type JobSpec<T> = Call<T> & JobOptions & JobPolicy;

/** A job spec whose task is one of `K`. If the compiler infers `K` from it, its messages name the parameters of that task only. */
export type JobSpecOf<T, K> = string extends keyof T
  ? JobSpec<T>
  : { readonly task: K } & Extract<JobSpec<T>, { readonly task: K }>;

type Uncalled = { readonly task?: undefined; readonly args?: undefined; readonly kwargs?: undefined };

/** The changes of `modifyJob`; fields that are left out stay as they are. `args` and `kwargs` require `task`. */
export type JobChanges<T> = (Call<T> | Uncalled) & OtherChanges;

type OtherChanges = JobPolicy & Omit<JobOptions, 'id' | 'jobStore' | 'replaceExisting' | 'requireTask'>;

/** Changes whose task, if they have one, is one of `K`, like `JobSpecOf` for a spec. */
export type JobChangesOf<T, K> = string extends keyof T
  ? JobChanges<T>
  : (({ readonly task: K } & Extract<Call<T>, { readonly task: K }>) | Uncalled) & OtherChanges;
