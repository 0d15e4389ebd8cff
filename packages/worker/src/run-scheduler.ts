import {
  type AddOptions,
  type By,
  type Cancelled,
  type ChangeOptions,
  type EnqueueOptions,
  type Job,
  type JobChangeOptions,
  type JobChanges,
  type JobList,
  type JobSpec,
  type JsonValue,
  type ListOptions,
  type RemoveOptions,
  type Run,
  type RunJobOptions,
  type RunList,
  type RunsFilter,
  type RunsOptions,
  Scheduler,
  ShutDownError,
  type StoreChoice,
  type TaskRun,
  type TaskScheduler,
  type Telemetry,
  type Trigger,
  UnknownJobStoreError,
  type UntypedTasks,
} from '@carillon/core';
import {
  type AskedBy,
  type Backend,
  BY_OPTIONS,
  type Chance,
  type Clock,
  type ContractMemory,
  checkBy,
  checkNames,
  type JobRecords,
  type JobStore,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import { type RunCalls, STORE_METHODS } from './run-calls.js';

export interface RunSchedulerParts {
  readonly runId: string;
  readonly jobStore: string;
  readonly calls: RunCalls;
  /** The cached contracts of workers, which the runs of a job store share. */
  readonly contracts: ContractMemory;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  /** The actor of calls that name none. */
  readonly by: AskedBy;
  /** The telemetry that observes its calls. */
  readonly telemetry?: readonly Telemetry[] | undefined;
}

/** The actor of a task's calls that name none: at most 200 characters. */
export function actorOf(runId: string, task: string): AskedBy {
  return { actor: `run ${runId} of ${task}` };
}

/** The scheduler of a task: it reads and changes the jobs and runs of its job store until its run ends. */
export class RunScheduler implements TaskScheduler {
  readonly #parts: RunSchedulerParts;
  /** The scheduler that a view was made from; null if this is not a view. */
  readonly #origin: RunScheduler | null;
  #scheduler: Scheduler | undefined;

  constructor(parts: RunSchedulerParts, origin: RunScheduler | null = null) {
    this.#parts = parts;
    this.#origin = origin;
  }

  as(by: By): RunScheduler {
    checkNames(by, BY_OPTIONS, 'as');
    return new RunScheduler({ ...this.#parts, by: checkBy(by, 'as', this.#parts.by) }, this.#origin ?? this);
  }

  async enqueue(task: string, args: readonly JsonValue[] = [], options: EnqueueOptions = {}): Promise<TaskRun> {
    return this.#open().enqueue(task, args, this.#here(options));
  }

  async addJob(spec: JobSpec<UntypedTasks>, options: AddOptions = {}): Promise<Job<UntypedTasks>> {
    return this.#open().addJob(this.#here(spec), options);
  }

  async addJobs(
    specs: readonly JobSpec<UntypedTasks>[],
    options: AddOptions = {},
  ): Promise<readonly Job<UntypedTasks>[]> {
    return this.#open().addJobs(Array.isArray(specs) ? specs.map((spec) => this.#here(spec)) : specs, options);
  }

  async getJob(id: string, choice: StoreChoice = {}): Promise<Job<UntypedTasks> | undefined> {
    return this.#open().getJob(id, this.#here(choice));
  }

  async getJobs(options: ListOptions = {}): Promise<JobList<UntypedTasks>> {
    return this.#open().getJobs(this.#here(options));
  }

  async modifyJob(
    id: string,
    changes: JobChanges<UntypedTasks>,
    options: JobChangeOptions = {},
  ): Promise<Job<UntypedTasks>> {
    return this.#open().modifyJob(id, changes, this.#here(options));
  }

  async rescheduleJob(id: string, trigger: Trigger, options: JobChangeOptions = {}): Promise<Job<UntypedTasks>> {
    return this.#open().rescheduleJob(id, trigger, this.#here(options));
  }

  async pauseJob(id: string, options: JobChangeOptions = {}): Promise<Job<UntypedTasks>> {
    return this.#open().pauseJob(id, this.#here(options));
  }

  async resumeJob(id: string, options: JobChangeOptions = {}): Promise<Job<UntypedTasks>> {
    return this.#open().resumeJob(id, this.#here(options));
  }

  async removeJob(id: string, options: RemoveOptions = {}): Promise<void> {
    await this.#open().removeJob(id, this.#here(options));
  }

  async runJob(id: string, options: RunJobOptions = {}): Promise<TaskRun> {
    return this.#open().runJob(id, this.#here(options));
  }

  async getRun(runId: string, choice: StoreChoice = {}): Promise<Run | undefined> {
    return this.#open().getRun(runId, this.#here(choice));
  }

  async getRuns(jobId: string, options?: RunsOptions): Promise<readonly Run[]>;
  async getRuns(filter?: RunsFilter): Promise<RunList>;
  async getRuns(which: string | RunsFilter = {}, options: RunsOptions = {}): Promise<readonly Run[] | RunList> {
    if (typeof which === 'string') return this.#open().getRuns(which, this.#here(options));
    return this.#open().getRuns(this.#here(which));
  }

  async cancelRun(runId: string, options: ChangeOptions = {}): Promise<Cancelled> {
    return this.#open().cancelRun(runId, this.#here(options));
  }

  #open(): Scheduler {
    const { runId, jobStore, calls, logger, by, telemetry } = this.#parts;
    if (calls.isOver) {
      throw new ShutDownError(
        'scheduler',
        `belonged to run ${runId}, which has ended: await its calls before the task ends`,
      );
    }
    if (this.#origin) return this.#origin.#open().as(by);
    if (this.#scheduler) return this.#scheduler;
    const backend = backendOver(this.#parts);
    const scheduler = new Scheduler({ backend, jobStores: [jobStore], logger, telemetry }).as(by);
    this.#scheduler = scheduler;
    calls.use(() => void scheduler.shutdown());
    return scheduler;
  }

  /** Returns options or a spec with the job store of the run. The call itself refuses a value that is not an object. */
  #here<Options extends StoreChoice>(options: Options): Options {
    if (typeof options !== 'object' || options === null) return options;
    const { jobStore: own } = this.#parts;
    const { jobStore = own } = options;
    if (jobStore !== own) {
      const why = `is not that of this run ("${own}"): to reach others, create a Scheduler in the task`;
      throw new UnknownJobStoreError(jobStore, [own], why);
    }
    return { ...options, jobStore };
  }
}

/** A backend over the calls of a run. It has no events: a caller that waits for a result polls. Closing it has no effect. */
function backendOver({ calls, contracts, clock, chance }: RunSchedulerParts): Backend {
  const methods = STORE_METHODS.map((method) => [method, (params: unknown) => calls.call(method, params)] as const);
  const records = Object.fromEntries(methods) as unknown as JobRecords;
  return {
    clock,
    chance,
    outage: null,
    busOutage: null,
    connect: async () => {},
    // A Scheduler uses nothing but the producers' side, and of that what a TaskScheduler offers.
    jobStore: (alias) => ({ alias, records, contracts }) as JobStore,
    eventBus: () => ({ subscribe: async () => async () => {} }),
    close: async () => {},
  };
}
