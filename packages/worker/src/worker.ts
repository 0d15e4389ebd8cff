import type {
  Duration,
  EventType,
  ExecutorKind,
  JobStoreOptions,
  Listener,
  ListenOptions,
  Subscription,
  TaskFunction,
  TaskMap,
  UnservedExecutor,
} from '@carillon/core';
import {
  checkEventTypes,
  JobStores,
  LEAVE_MS,
  Lifecycle,
  type LifecycleStatus,
  timerMs,
  type WorkerBackend,
  within,
} from '@carillon/core/internal';
import type { ExecutorOptions } from './executor-options.js';
import { type CheckedWorkerOptions, checkWorkerOptions, type WorkerOptions } from './options.js';
import { Station } from './station.js';

/** The health of a worker. */
export interface WorkerHealth {
  readonly status: LifecycleStatus;
  readonly workerId: string;
  /** Runs started and not yet settled. */
  readonly running: number;
  readonly executors: { readonly [alias: string]: { readonly kind: ExecutorKind; readonly concurrency: number } };
  /** Aliases of the job stores that it takes runs from. */
  readonly jobStores: readonly string[];
  /**
   * The executors that the worker is configured to serve and does not serve at the moment, without a grace period. It is empty for a
   * worker that is not started, or is shutting down. While Redis cannot be reached, it has all executors. The worker keeps trying.
   * `since` is by the clock of this process.
   */
  readonly unserved: readonly (UnservedExecutor & { readonly jobStore: string })[];
}

/**
 * Takes runs from the queues of executors, calls their tasks, and settles them. It has no state of its own: any worker can take over
 * the runs of a lost one.
 */
export class Worker<T extends TaskMap<T>> implements AsyncDisposable {
  readonly id: string;
  readonly #options: CheckedWorkerOptions;
  readonly #stations: JobStores<Station, WorkerBackend>;
  /** Ends with the number of runs that it handed back; its argument is the time limit in ms. */
  readonly #life: Lifecycle<number, number>;

  /** @throws InvalidOptionsError */
  constructor(options: WorkerOptions<T>) {
    this.#options = checkWorkerOptions(options);
    const { backend, report, instruments, executors } = this.#options;
    const { taskLogger: logger, leaseMs, unknownTaskMs } = this.#options;
    const workerId = backend.chance.id();
    this.id = workerId;
    const common = { workerId, executors, leaseMs, unknownTaskMs, report, logger, instruments };
    this.#stations = new JobStores({ ...this.#options, open: (place) => new Station({ ...place, ...common }) });
    const slots = () => executors.all.map(({ alias, slots }) => ({ executor: alias, ...slots.use }));
    const endWatch = instruments?.watch({ role: 'worker', slots });
    this.#life = new Lifecycle({
      name: 'worker',
      start: () => Promise.all(this.#stations.all.map((station) => station.start())),
      onRunning: () => report({ kind: 'worker_started', workerId, executors: executors.all.map(({ alias }) => alias) }),
      stop: async (timeoutMs) => {
        const counts = await Promise.all(this.#stations.all.map((station) => station.stop(timeoutMs)));
        await within(backend.clock, LEAVE_MS + this.#options.teardownMs, executors.close());
        return counts.reduce((one, other) => one + other, 0);
      },
      close: () => this.#stations.close(),
      onShutDown: (handedBack) => {
        endWatch?.();
        report({ kind: 'worker_shut_down', workerId, handedBack });
      },
    });
  }

  /** Connects and begins to take runs. Resolves once it takes runs, however long Redis cannot be reached. */
  start(): Promise<void> {
    return this.#life.start();
  }

  /** Stops taking runs, and lets its runs finish for up to `timeout`. Then it aborts the others and hands them back to other workers. */
  shutdown({ timeout }: { readonly timeout?: Duration } = {}): Promise<void> {
    return this.#life.shutdown(this.#timeoutMs(timeout));
  }

  /**
   * Takes runs from one more job store, also while running. Resolves once it takes runs from it, however long its Redis cannot be
   * reached; before `start()`, at once.
   * @param options another Redis for this job store alone; default: that of the others
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError
   */
  async addJobStore(alias: string, options: JobStoreOptions<WorkerBackend> = {}): Promise<void> {
    this.#life.checkOpen();
    await this.#stations.add(alias, options, (station) => (this.#life.isStarted ? station.start() : station.listen()));
  }

  /**
   * Stops taking runs from a job store, and lets its runs from there finish for up to `shutdownTimeout`. Then it aborts the others and
   * hands them back to other workers. The jobs stay in Redis.
   * @throws UnknownJobStoreError
   */
  async removeJobStore(alias: string): Promise<void> {
    this.#life.checkOpen();
    await this.#stations.remove(alias, (station) => station.stop(this.#options.shutdownTimeoutMs));
  }

  /**
   * Serves one more executor in each of its job stores, also while running. Resolves once it takes its runs and has published
   * `executor_added`, however long Redis cannot be reached; before `start()`, at once.
   * @throws InvalidOptionsError if it already has an executor of this alias, or the options are wrong
   */
  async addExecutor(alias: string, options: ExecutorOptions = {}): Promise<void> {
    this.#life.checkOpen();
    const executor = this.#options.executors.add(alias, options);
    await Promise.all(this.#stations.all.map((station) => station.addExecutor(executor)));
  }

  /**
   * Stops serving an executor, and lets its runs finish for up to `timeout` (default: `shutdownTimeout`). Then it aborts the others,
   * hands them back to other workers, and publishes `executor_removed`.
   * @throws InvalidOptionsError if it has no executor of this alias
   */
  async removeExecutor(alias: string, { timeout }: { readonly timeout?: Duration } = {}): Promise<void> {
    this.#life.checkOpen();
    const timeoutMs = this.#timeoutMs(timeout);
    await this.#options.executors.remove(alias, async (executor) => {
      await Promise.all(this.#stations.all.map((station) => station.removeExecutor(executor, timeoutMs)));
    });
  }

  /**
   * Adds a task, also while running, to its executors of kind `async`. Threads and child processes have the tasks of their `taskFile`
   * only. Resolves once the job stores have a record of it; if Redis cannot be reached, the next heartbeat writes it. @throws
   * InvalidOptionsError if it already has a task of this name, or the name is wrong
   */
  async addTask(name: string, task: TaskFunction): Promise<void> {
    this.#life.checkOpen();
    this.#options.executors.addTask(name, task);
    await this.#showTasks();
  }

  /**
   * Removes a task. Its running executions continue. Further runs go back to their queue, for workers that have the task; see
   * `unknownTaskTimeout`.
   * @throws InvalidOptionsError if it has no task of this name
   */
  async removeTask(name: string): Promise<void> {
    this.#life.checkOpen();
    this.#options.executors.removeTask(name);
    await this.#showTasks();
  }

  health(): WorkerHealth {
    const executors = this.#options.executors.all.map(({ alias, kind, concurrency }) => [alias, { kind, concurrency }]);
    return {
      status: this.#life.status,
      workerId: this.id,
      running: this.#stations.all.reduce((sum, { running }) => sum + running, 0),
      executors: Object.fromEntries(executors),
      jobStores: this.#stations.aliases,
      unserved: this.#stations.aliases.flatMap((jobStore) =>
        this.#stations.get(jobStore).unserved.map((one) => ({ jobStore, ...one })),
      ),
    };
  }

  /** As `Scheduler.addListener` does, for the job stores of this worker. */
  async addListener<Type extends EventType = EventType>(
    callback: Listener<NoInfer<Type>>,
    types?: readonly Type[],
    options?: ListenOptions,
  ): Promise<Subscription> {
    return this.#stations.listeners.add(callback as Listener, types && checkEventTypes(types), options);
  }

  async removeListener<Type extends EventType>(callback: Listener<Type>): Promise<void> {
    await this.#stations.listeners.remove(callback as Listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #showTasks(): Promise<void> {
    await Promise.all(this.#stations.all.map((station) => station.showNews()));
  }

  #timeoutMs(timeout: Duration | undefined): number {
    return timeout === undefined ? this.#options.shutdownTimeoutMs : timerMs(timeout, 'timeout');
  }
}
