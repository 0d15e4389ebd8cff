import type { Duration } from '../duration.js';
import type { Call } from '../tasks.js';
import type { Trigger } from '../trigger/index.js';

/** What a job is besides its task and arguments. */
export interface JobOptions {
  /** 1 to 255 characters, no control characters. Left out: generated. */
  readonly id?: string | undefined;
  /** For people. Left out: the id. */
  readonly name?: string | undefined;
  /** Left out: once, now. */
  readonly trigger?: Trigger | undefined;
  /** The job store's alias; `'default'` where it is left out. */
  readonly jobStore?: string | undefined;
  /** When it fires first, in place of what the trigger says; in the past: at once. `null`: added paused. */
  readonly nextRunTime?: Date | null | undefined;
  /** Whether a job of this id may be replaced. One with an equal trigger keeps its next run time and whether it is paused. */
  readonly replaceExisting?: boolean | undefined;
}

/** How a job runs. */
export interface JobPolicy {
  /** Alias of the queue that workers serve; `'default'` where it is left out. */
  readonly executor?: string | undefined;
  /** How many of its runs may live at once, in the whole cluster; 1 where it is left out. */
  readonly maxInstances?: number | undefined;
  /** How late a run may start; `null`, or left out: no limit. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** Whether a backlog of fire times becomes one run, for the newest (`true`, or left out), or one execution for each. */
  readonly coalesce?: boolean | undefined;
}

/** A job to add: one member of the union for each task. */
export type JobSpec<T> = Call<T> & JobOptions & JobPolicy;

type Uncalled = { readonly task?: undefined; readonly args?: undefined; readonly kwargs?: undefined };

/** What `modifyJob` changes; what is left out stays. `args` and `kwargs` come with the task. */
export type JobChanges<T> = (Call<T> | Uncalled) & JobPolicy & Pick<JobOptions, 'name' | 'trigger' | 'nextRunTime'>;
