import {
  type Cancelled,
  type EnqueueOptions,
  type Job,
  type JobChanges,
  type JobList,
  type JobSpec,
  type JsonValue,
  type ListOptions,
  type RemoveOptions,
  type Run,
  type RunsOptions,
  Scheduler,
  ShutDownError,
  type StoreChoice,
  type TaskRun,
  type TaskScheduler,
  type Trigger,
  UnknownJobStoreError,
  type UntypedTasks,
} from '@carillon/core';
import type { Backend, Chance, Clock, JobRecords, JobStore } from '@carillon/core/internal';
import type { Logger } from 'pino';
import { type RunCalls, STORE_METHODS } from './run-calls.js';

export interface RunSchedulerParts {
  readonly runId: string;
  readonly jobStore: string;
  readonly calls: RunCalls;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
}

/** What a task can do to the jobs and runs of its job store, until its run ends. */
export class RunScheduler implements TaskScheduler {
  readonly #parts: RunSchedulerParts;
  #scheduler: Scheduler | undefined;

  constructor(parts: RunSchedulerParts) {
    this.#parts = parts;
  }

  async enqueue(task: string, args: readonly JsonValue[] = [], options: EnqueueOptions = {}): Promise<TaskRun> {
    return this.#open().enqueue(task, args, this.#here(options));
  }

  async addJob(spec: JobSpec<UntypedTasks>): Promise<Job<UntypedTasks>> {
    return this.#open().addJob(this.#here(spec));
  }

  async addJobs(specs: readonly JobSpec<UntypedTasks>[]): Promise<readonly Job<UntypedTasks>[]> {
    return this.#open().addJobs(Array.isArray(specs) ? specs.map((spec) => this.#here(spec)) : specs);
  }

  async getJob(id: string, choice: StoreChoice = {}): Promise<Job<UntypedTasks> | undefined> {
    return this.#open().getJob(id, this.#here(choice));
  }

  async getJobs(options: ListOptions = {}): Promise<JobList<UntypedTasks>> {
    return this.#open().getJobs(this.#here(options));
  }

  async modifyJob(id: string, changes: JobChanges<UntypedTasks>, choice: StoreChoice = {}): Promise<Job<UntypedTasks>> {
    return this.#open().modifyJob(id, changes, this.#here(choice));
  }

  async rescheduleJob(id: string, trigger: Trigger, choice: StoreChoice = {}): Promise<Job<UntypedTasks>> {
    return this.#open().rescheduleJob(id, trigger, this.#here(choice));
  }

  async pauseJob(id: string, choice: StoreChoice = {}): Promise<Job<UntypedTasks>> {
    return this.#open().pauseJob(id, this.#here(choice));
  }

  async resumeJob(id: string, choice: StoreChoice = {}): Promise<Job<UntypedTasks>> {
    return this.#open().resumeJob(id, this.#here(choice));
  }

  async removeJob(id: string, options: RemoveOptions = {}): Promise<void> {
    await this.#open().removeJob(id, this.#here(options));
  }

  async runJob(id: string, choice: StoreChoice = {}): Promise<TaskRun> {
    return this.#open().runJob(id, this.#here(choice));
  }

  async getRun(runId: string, choice: StoreChoice = {}): Promise<Run | undefined> {
    return this.#open().getRun(runId, this.#here(choice));
  }

  async getRuns(jobId: string, options: RunsOptions = {}): Promise<readonly Run[]> {
    return this.#open().getRuns(jobId, this.#here(options));
  }

  async cancelRun(runId: string, choice: StoreChoice = {}): Promise<Cancelled> {
    return this.#open().cancelRun(runId, this.#here(choice));
  }

  #open(): Scheduler {
    const { runId, jobStore, calls, logger } = this.#parts;
    if (calls.isOver) {
      throw new ShutDownError(
        'scheduler',
        `was that of run ${runId}, which has ended: await its calls before the task ends`,
      );
    }
    if (this.#scheduler) return this.#scheduler;
    const scheduler = new Scheduler({ backend: backendOver(this.#parts), jobStores: [jobStore], logger });
    this.#scheduler = scheduler;
    calls.use(() => void scheduler.shutdown());
    return scheduler;
  }

  /** Options or a spec, for the job store of the run. What is no object at all, the call itself refuses. */
  #here<Options extends StoreChoice>(options: Options): Options {
    if (typeof options !== 'object' || options === null) return options;
    const { jobStore: own } = this.#parts;
    const { jobStore = own } = options;
    if (jobStore !== own) {
      const why = `is not that of this run ("${own}"): a task reaches others through a Scheduler of its own`;
      throw new UnknownJobStoreError(jobStore, [own], why);
    }
    return { ...options, jobStore };
  }
}

/** Nothing is heard over it: who waits for a result reads again and again. Closing it closes nothing. */
function backendOver({ calls, clock, chance }: RunSchedulerParts): Backend {
  const methods = STORE_METHODS.map((method) => [method, (params: unknown) => calls.call(method, params)] as const);
  const records = Object.fromEntries(methods) as unknown as JobRecords;
  return {
    clock,
    chance,
    outage: null,
    busOutage: null,
    connect: async () => {},
    // A Scheduler uses nothing but the producers' side, and of that what a TaskScheduler offers.
    jobStore: (alias) => ({ alias, records }) as JobStore,
    eventBus: () => ({ subscribe: async () => async () => {} }),
    close: async () => {},
  };
}
