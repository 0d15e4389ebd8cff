import type { By } from '../by.js';
import type { JobChanges, JobSpec } from '../job/spec.js';
import type { Run } from '../run/run.js';
import type { EnqueueArgs, TaskMap, TaskName, UntypedTasks } from '../tasks.js';
import type { Trigger } from '../trigger/index.js';
import type { AddOptions, ChangeOptions, JobChangeOptions, RemoveOptions } from './change-options.js';
import type { Job } from './job.js';
import type { JobList, ListOptions } from './list-options.js';
import type { Cancelled, RunHandle } from './run-handle.js';
import type { EnqueueOptions, RunJobOptions } from './run-options.js';
import type { RunList, RunsFilter, RunsOptions } from './runs-filter.js';
import type { StoreChoice } from './store-choice.js';

/** A run that a task requested. It has no `result`: a task that waits for a run would hold the slot that the run may need. */
export type TaskRun = Pick<RunHandle, 'runId' | 'jobId' | 'jobStore' | 'isDuplicate' | 'cancel'>;

/**
 * The scheduler of a task, with methods of `Scheduler` that have the same names and errors. They use the job store of the calling run,
 * and refuse another one with an `UnknownJobStoreError`. `T` is the type of the workers' task map.
 */
export interface TaskScheduler<T extends TaskMap<T> = UntypedTasks> {
  /**
   * Returns a view that records an actor with each change. Without an actor of the view or the call, the actor is `run <run id> of
   * <task>`.
   * @throws InvalidOptionsError
   */
  as(by: By): TaskScheduler<T>;
  /** Runs a task once, without a job. @throws InvalidJobError, UnknownTaskError */
  enqueue<K extends TaskName<T>>(
    task: K,
    ...rest: [] extends EnqueueArgs<T, K>
      ? [args?: EnqueueArgs<T, K>, options?: EnqueueOptions]
      : [args: EnqueueArgs<T, K>, options?: EnqueueOptions]
  ): Promise<TaskRun>;
  /** @throws InvalidJobError, InvalidTriggerError, ConflictingIdError, UnknownTaskError, StaleRevisionError */
  addJob(spec: JobSpec<T>, options?: AddOptions): Promise<Job<T>>;
  /** @throws as addJob does; ContentionError if other clients keep changing the same jobs */
  addJobs(specs: readonly JobSpec<T>[], options?: AddOptions): Promise<readonly Job<T>[]>;
  getJob(id: string, choice?: StoreChoice): Promise<Job<T> | undefined>;
  getJobs(options?: ListOptions): Promise<JobList<T>>;
  /** @throws JobNotFoundError, InvalidJobError, InvalidTriggerError, ContentionError, StaleRevisionError */
  modifyJob(id: string, changes: JobChanges<T>, options?: JobChangeOptions): Promise<Job<T>>;
  /** @throws as modifyJob does */
  rescheduleJob(id: string, trigger: Trigger, options?: JobChangeOptions): Promise<Job<T>>;
  /** @throws JobNotFoundError, StaleRevisionError */
  pauseJob(id: string, options?: JobChangeOptions): Promise<Job<T>>;
  /** @throws JobNotFoundError, StaleRevisionError */
  resumeJob(id: string, options?: JobChangeOptions): Promise<Job<T>>;
  /** @throws JobNotFoundError, StaleRevisionError */
  removeJob(id: string, options?: RemoveOptions): Promise<void>;
  /** @throws JobNotFoundError, MaxInstancesError */
  runJob(id: string, options?: RunJobOptions): Promise<TaskRun>;
  getRun(runId: string, choice?: StoreChoice): Promise<Run | undefined>;
  getRuns(jobId: string, options?: RunsOptions): Promise<readonly Run[]>;
  /** A page of the runs of the whole job store. */
  getRuns(filter?: RunsFilter): Promise<RunList>;
  /** @throws RunNotFoundError */
  cancelRun(runId: string, options?: ChangeOptions): Promise<Cancelled>;
}
