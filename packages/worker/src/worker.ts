import {
  type Duration,
  type EventType,
  type ExecutorKind,
  type JobStoreOptions,
  type Listener,
  type ListenOptions,
  ShutDownError,
  type Subscription,
  type TaskFunction,
  type TaskMap,
  type UnservedExecutor,
} from '@carillon/core';
import {
  checkAlias,
  checkEventTypes,
  LEAVE_MS,
  Listeners,
  ownBackend,
  Stores,
  timerMs,
  type WorkerBackend,
  within,
} from '@carillon/core/internal';
import type { ExecutorOptions } from './executor-options.js';
import { type CheckedWorkerOptions, checkWorkerOptions, type WorkerOptions } from './options.js';
import { Station } from './station.js';

/** How a worker is. */
export interface WorkerHealth {
  readonly status: 'new' | 'starting' | 'running' | 'shutting down' | 'shut down';
  readonly workerId: string;
  /** Runs started and not yet settled. */
  readonly running: number;
  readonly executors: { readonly [alias: string]: { readonly kind: ExecutorKind; readonly concurrency: number } };
  /** Aliases of the job stores that it takes runs from. */
  readonly jobStores: readonly string[];
  /**
   * What the worker is configured to serve and does not serve just now, from the first moment on; of a worker that is not started, or
   * is shutting down, nothing. While Redis is away, that is everything. The worker goes on trying by itself. `since` is by the
   * clock of this process.
   */
  readonly unserved: readonly (UnservedExecutor & { readonly jobStore: string })[];
}

/** Takes runs from executors' queues, runs tasks, settles. It keeps nothing: any worker can go on where one was lost. */
export class Worker<T extends TaskMap<T>> implements AsyncDisposable {
  readonly id: string;
  readonly #options: CheckedWorkerOptions;
  readonly #stations = new Stores<Station>();
  readonly #listeners: Listeners;
  readonly #endWatch: (() => void) | undefined;
  #status: WorkerHealth['status'] = 'new';
  #started: Promise<void> | undefined;
  #shutDown: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: WorkerOptions<T>) {
    this.#options = checkWorkerOptions(options);
    const { backend, report, jobStores, instruments, executors } = this.#options;
    this.id = backend.chance.id();
    this.#listeners = new Listeners(report);
    for (const alias of jobStores) {
      this.#stations.add(alias, () => this.#station(alias));
      void this.#listeners.addStore(alias, backend);
    }
    const slots = () => executors.all.map(({ alias, slots }) => ({ executor: alias, ...slots.use }));
    this.#endWatch = instruments?.watch({ role: 'worker', slots });
  }

  /** Connects and begins to take runs. Resolves once it does, however long Redis is not reached. */
  start(): Promise<void> {
    if (this.#shutDown) return Promise.reject(new ShutDownError('worker'));
    this.#started ??= this.#start();
    return this.#started;
  }

  /**
   * Takes no more runs, lets those that it has finish for as long as `timeout` says, then aborts them and hands them back, to
   * be run elsewhere.
   */
  shutdown({ timeout }: { readonly timeout?: Duration } = {}): Promise<void> {
    const timeoutMs = this.#timeoutMs(timeout);
    this.#shutDown ??= this.#stop(timeoutMs);
    return this.#shutDown;
  }

  /**
   * Takes runs from one more job store from now on, also while running. Resolves once it does, however long its Redis is not
   * reached; before `start()`, at once.
   * @param options another Redis for this job store alone; where it is left out, it is where the others are
   * @throws InvalidJobError if this is no alias, InvalidOptionsError, JobStoreExistsError
   */
  async addJobStore(alias: string, options: JobStoreOptions<WorkerBackend> = {}): Promise<void> {
    this.#checkOpen();
    checkAlias('job store', alias);
    const own = () => ownBackend(options, this.#options.backendAt);
    const station = this.#stations.add(alias, () => this.#station(alias, own()));
    if (this.#started) return station.start();
    await station.listen().catch(async (error) => {
      await this.#letGo(alias, station);
      throw error;
    });
  }

  /**
   * Takes no more runs from a job store, lets those that it has of it finish for as long as `shutdownTimeout` says, then aborts
   * them and hands them back, to be run elsewhere. Its jobs stay where they are.
   * @throws UnknownJobStoreError
   */
  async removeJobStore(alias: string): Promise<void> {
    this.#checkOpen();
    const station = this.#stations.get(alias);
    await station.stop(this.#options.shutdownTimeoutMs);
    await this.#letGo(alias, station);
  }

  /**
   * Takes the runs of one more executor from now on, in each of its job stores, also while running. Resolves once it does and has
   * said so (`executor_added`), however long Redis is not reached; before `start()`, at once.
   * @throws InvalidOptionsError if there is one of this alias, or the options are wrong
   */
  async addExecutor(alias: string, options: ExecutorOptions = {}): Promise<void> {
    this.#checkOpen();
    const executor = this.#options.executors.add(alias, options);
    await Promise.all(this.#stations.all.map((station) => station.addExecutor(executor)));
  }

  /**
   * Takes no more runs of an executor, lets those that it has of it finish for as long as `timeout` says (`shutdownTimeout` where it
   * is left out), then aborts them and hands them back, to be run by other workers that serve it. Then says so
   * (`executor_removed`).
   * @throws InvalidOptionsError if there is none of this alias
   */
  async removeExecutor(alias: string, { timeout }: { readonly timeout?: Duration } = {}): Promise<void> {
    this.#checkOpen();
    const timeoutMs = this.#timeoutMs(timeout);
    await this.#options.executors.remove(alias, async (executor) => {
      await Promise.all(this.#stations.all.map((station) => station.removeExecutor(executor, timeoutMs)));
    });
  }

  /**
   * Has one more task from now on, also while running, in its executors of kind `async`: threads and child processes have those of
   * their `taskFile`. Resolves once the job stores know of it; where Redis is not reached, its next heartbeat shows it.
   * @throws InvalidOptionsError if there is one of this name, or the name is wrong
   */
  async addTask(name: string, task: TaskFunction): Promise<void> {
    this.#checkOpen();
    this.#options.executors.addTask(name, task);
    await this.#showTasks();
  }

  /**
   * Has a task no more. Executions that go on are not touched. Runs of it go back to their queue, for workers that have it; see
   * `unknownTaskTimeout`.
   * @throws InvalidOptionsError if there is none of this name
   */
  async removeTask(name: string): Promise<void> {
    this.#checkOpen();
    this.#options.executors.removeTask(name);
    await this.#showTasks();
  }

  health(): WorkerHealth {
    const executors = this.#options.executors.all.map(({ alias, kind, concurrency }) => [alias, { kind, concurrency }]);
    return {
      status: this.#status,
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
    return this.#listeners.add(callback as Listener, types && checkEventTypes(types), options);
  }

  async removeListener<Type extends EventType>(callback: Listener<Type>): Promise<void> {
    await this.#listeners.remove(callback as Listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #start(): Promise<void> {
    const { report, executors } = this.#options;
    this.#status = 'starting';
    await Promise.all(this.#stations.all.map((station) => station.start()));
    if (this.#shutDown) return;
    this.#status = 'running';
    report({ kind: 'worker_started', workerId: this.id, executors: executors.all.map(({ alias }) => alias) });
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { backend, report, executors, teardownMs } = this.#options;
    this.#status = 'shutting down';
    const stations = this.#stations.all;
    const handedBack = await Promise.all(stations.map((station) => station.stop(timeoutMs)));
    await within(backend.clock, LEAVE_MS + teardownMs, executors.close());
    await Promise.all(stations.map((station) => station.close()));
    this.#listeners.close();
    await backend.close();
    this.#status = 'shut down';
    this.#endWatch?.();
    const sum = handedBack.reduce((one, other) => one + other, 0);
    report({ kind: 'worker_shut_down', workerId: this.id, handedBack: sum });
  }

  async #showTasks(): Promise<void> {
    await Promise.all(this.#stations.all.map((station) => station.showNews()));
  }

  async #letGo(alias: string, station: Station): Promise<void> {
    await within(this.#options.backend.clock, LEAVE_MS, this.#listeners.removeStore(alias)).catch(() => {});
    await station.close();
    this.#stations.remove(alias, station);
  }

  #timeoutMs(timeout: Duration | undefined): number {
    return timeout === undefined ? this.#options.shutdownTimeoutMs : timerMs(timeout, 'timeout');
  }

  #checkOpen(): void {
    if (this.#shutDown) throw new ShutDownError('worker');
  }

  #station(jobStore: string, own?: WorkerBackend): Station {
    const { backend, report, taskLogger: logger, executors, leaseMs, unknownTaskMs, instruments } = this.#options;
    const isOwn = own !== undefined;
    const common = { jobStore, workerId: this.id, listeners: this.#listeners, report, logger, instruments };
    return new Station({ ...common, backend: own ?? backend, isOwn, executors, leaseMs, unknownTaskMs });
  }
}
