import { Coordinator } from '@carillon/coordinator';
import type { By, RedisOptions } from '@carillon/core';
import {
  type Account,
  type Duration,
  Scheduler,
  type SchedulerSettings,
  type TaskFunction,
  type TaskMap,
} from '@carillon/core';
import { asksForMemory, checkNames, isInMemory, type Report, reportTo, sharedLogger } from '@carillon/core/internal';
import { OwnMemory } from '@carillon/core/memory';
import { type ExecutorOptions, Worker, type WorkerSettings } from '@carillon/worker';

export interface CarillonOptions<T>
  extends SchedulerSettings,
    Pick<
      WorkerSettings<T>,
      | 'tasks'
      | 'setup'
      | 'teardown'
      | 'setupTimeout'
      | 'teardownTimeout'
      | 'taskFile'
      | 'loadTimeout'
      | 'executors'
      | 'unknownTaskTimeout'
      | 'shutdownTimeout'
    > {
  /**
   * The Redis of the cluster. By default, the cluster is in the memory of this process: jobs end with it, and no other process shares
   * them. Everything else is the same.
   */
  readonly redis?: RedisOptions;
  /** Confirms that jobs are in memory on purpose, so that no warning is logged. */
  readonly memory?: true | undefined;
  /** How long a dead leader keeps the leadership; default: `'3s'`. */
  readonly lease?: Duration | undefined;
  /** See `CoordinatorOptions`. */
  readonly account?: Account | null | undefined;
}

/** Where one job store is, and the actor of the call. */
export type CarillonJobStoreOptions = By & {
  readonly redis?: RedisOptions | undefined;
  readonly memory?: true | undefined;
};

/**
 * A scheduler, a coordinator and a worker in one process. With `redis`, it is a member of a cluster, and its parts can be split later.
 * Without it, the whole cluster is in memory. Jobs are written in the same way in both.
 */
export class Carillon<T extends TaskMap<T>> extends Scheduler<T> {
  readonly #coordinator: Coordinator;
  readonly #worker: Worker<T>;
  /** The job stores in the memory of this process, if there are any. */
  #memory: OwnMemory | undefined;
  readonly #isInMemory: boolean;
  readonly #isMeant: boolean;
  #isRunning = false;
  readonly #report: Report;

  /** @throws InvalidOptionsError */
  constructor(options: CarillonOptions<T>) {
    const { tasks, setup, teardown, setupTimeout, teardownTimeout, taskFile, loadTimeout, ...rest } = options ?? {};
    const { executors, unknownTaskTimeout, shutdownTimeout, lease, account, redis, memory, ...settings } = rest;
    const own = isInMemory(options) ? new OwnMemory() : undefined;
    const place = () => (own ? { backend: own.connect() } : { redis: redis as RedisOptions });
    super({ ...settings, ...place() });
    const { prefix, logger, telemetry, jobStores } = settings;
    const common = () => ({ ...place(), prefix, logger, telemetry, jobStores });
    this.#coordinator = new Coordinator({ ...common(), lease, account });
    const work = { tasks, setup, teardown, setupTimeout, teardownTimeout, taskFile, loadTimeout, executors };
    this.#worker = new Worker<T>({ ...common(), ...work, unknownTaskTimeout, shutdownTimeout });
    this.#memory = own;
    this.#isInMemory = own !== undefined;
    this.#isMeant = memory === true;
    this.#report = reportTo(logger ?? sharedLogger());
  }

  /**
   * Connects, contends for the leadership and takes runs. Rejects if Redis cannot be reached. It keeps the process alive until
   * `shutdown`.
   */
  override async start(): Promise<void> {
    await super.start();
    if (this.#isInMemory && !this.#isMeant) this.#report({ kind: 'jobs_in_memory', jobStores: this.jobStores });
    this.#isRunning = true;
    this.#memory?.start();
    await Promise.all([this.#coordinator.start(), this.#worker.start()]);
  }

  /**
   * Adds a job store, also while running, and serves it: contends for its leadership and takes its runs. Other processes serve it after
   * a call of their own `addJobStore`. Resolves once it is served here.
   * @param options another Redis for this job store alone, or `memory: true` for the memory of this process (default: where the others
   * are), and the actor of the call
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError; ConnectionError if Redis cannot be
   * reached: then this process has not added it
   */
  override async addJobStore(alias: string, options: CarillonJobStoreOptions = {}): Promise<void> {
    checkNames(options, ['redis', 'memory', 'actor', 'reason'], 'addJobStore');
    const { redis, memory, ...by } = options;
    const own = asksForMemory(memory, redis) && !this.#isInMemory ? this.#ownMemory() : undefined;
    const place = () => (own ? { backend: own.connect() } : { redis });
    await super.addJobStore(alias, { ...place(), ...by });
    await Promise.all([this.#coordinator.addJobStore(alias, place()), this.#worker.addJobStore(alias, place())]);
  }

  /**
   * Stops serving a job store: lets its runs finish for up to `shutdownTimeout`, hands its leadership over, and removes it from this
   * process. Its jobs stay in Redis; jobs in memory end with the process.
   * @throws UnknownJobStoreError; ConnectionError if Redis cannot be reached: this process has removed it anyway
   */
  override async removeJobStore(alias: string, by: By = {}): Promise<void> {
    await Promise.all([this.#coordinator.removeJobStore(alias), this.#worker.removeJobStore(alias)]);
    await super.removeJobStore(alias, by);
  }

  /** Serves one more executor, as `Worker.addExecutor` does. @throws InvalidOptionsError */
  async addExecutor(alias: string, options: ExecutorOptions = {}): Promise<void> {
    await this.#worker.addExecutor(alias, options);
  }

  /** Stops serving an executor, as `Worker.removeExecutor` does. @throws InvalidOptionsError */
  async removeExecutor(alias: string, options: { readonly timeout?: Duration } = {}): Promise<void> {
    await this.#worker.removeExecutor(alias, options);
  }

  /** Adds a task, as `Worker.addTask` does. @throws InvalidOptionsError */
  async addTask(name: string, task: TaskFunction): Promise<void> {
    await this.#worker.addTask(name, task);
  }

  /** Removes a task, as `Worker.removeTask` does. @throws InvalidOptionsError */
  async removeTask(name: string): Promise<void> {
    await this.#worker.removeTask(name);
  }

  /** Lets running tasks finish for up to `timeout`, hands the leadership over, and disconnects. */
  override async shutdown(options: { readonly timeout?: Duration } = {}): Promise<void> {
    await this.#worker.shutdown(options);
    await this.#coordinator.shutdown();
    await super.shutdown();
    this.#isRunning = false;
    this.#memory?.stop();
  }

  health() {
    return { coordinator: this.#coordinator.health(), worker: this.#worker.health() };
  }

  #ownMemory(): OwnMemory {
    this.#memory ??= new OwnMemory();
    if (this.#isRunning) this.#memory.start();
    return this.#memory;
  }
}
