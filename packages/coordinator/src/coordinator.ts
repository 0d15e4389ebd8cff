import {
  type EventType,
  type JobStoreOptions,
  type Listener,
  type ListenOptions,
  type RedisOptions,
  ShutDownError,
  type Subscription,
} from '@carillon/core';
import {
  type AccountLimits,
  type CoordinatorBackend,
  checkAlias,
  checkEventTypes,
  LEAVE_MS,
  Listeners,
  ownBackend,
  type Report,
  Stores,
  within,
} from '@carillon/core/internal';
import { Balancer } from './balancer.js';
import { Contender } from './contender.js';
import { type CoordinatorOptions, checkCoordinatorOptions } from './options.js';
import type { UnservedJobStore } from './unserved.js';

/** How a coordinator is. */
export interface CoordinatorHealth {
  readonly status: 'new' | 'starting' | 'running' | 'shut down';
  readonly coordinatorId: string;
  /** For each job store, the epoch of the term while this coordinator leads it, else null. */
  readonly jobStores: { readonly [alias: string]: { readonly epoch: number | null } };
  /**
   * The job stores that the coordinator was given and does not serve just now, from the first moment on; of a coordinator that is
   * not started, or was shut down, none. While Redis is away, that is all of them. The coordinator goes on trying by itself. `since`
   * is by the clock of this process.
   */
  readonly unserved: readonly UnservedJobStore[];
}

/**
 * Turns due jobs into runs. Any number of coordinators contend for each job store; one leads it. Where Redis is not
 * reached, a coordinator keeps trying.
 */
export class Coordinator implements AsyncDisposable {
  readonly id: string;
  readonly #backend: CoordinatorBackend;
  readonly #backendAt: (redis: RedisOptions) => CoordinatorBackend;
  readonly #report: Report;
  readonly #leaseMs: number;
  readonly #account: AccountLimits | null;
  readonly #contenders = new Stores<Contender>();
  readonly #balancer: Balancer;
  readonly #listeners: Listeners;
  readonly #endWatch: (() => void) | undefined;
  #status: CoordinatorHealth['status'] = 'new';
  #started: Promise<void> | undefined;
  #shutDown: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: CoordinatorOptions) {
    const { backend, backendAt, report, jobStores, leaseMs, account, instruments } = checkCoordinatorOptions(options);
    this.#backend = backend;
    this.#backendAt = backendAt;
    this.#report = report;
    this.#leaseMs = leaseMs;
    this.#account = account;
    this.id = backend.chance.id();
    this.#balancer = new Balancer({
      ...{ coordinatorId: this.id, clock: backend.clock, report, leaseMs },
      contenders: () => this.#contenders.all.filter(({ isContending }) => isContending),
    });
    this.#listeners = new Listeners(report);
    for (const alias of jobStores) {
      this.#contenders.add(alias, () => this.#contender(alias));
      void this.#listeners.addStore(alias, backend);
    }
    const stores = () => this.#contenders.all.map(({ watched }) => watched);
    this.#endWatch = instruments?.watch({ role: 'coordinator', stores });
  }

  /** Connects and begins to contend. Resolves once connected, however long that takes. */
  start(): Promise<void> {
    if (this.#shutDown) return Promise.reject(new ShutDownError('coordinator'));
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Hands its leaderships over and disconnects. */
  shutdown(): Promise<void> {
    this.#shutDown ??= this.#stop();
    return this.#shutDown;
  }

  /**
   * Contends for one more job store from now on, also while running. Resolves once it does, however long its Redis is not
   * reached; before `start()`, at once.
   * @param options another Redis for this job store alone; where it is left out, it is where the others are
   * @throws InvalidJobError if this is no alias, InvalidOptionsError, JobStoreExistsError
   */
  async addJobStore(alias: string, options: JobStoreOptions<CoordinatorBackend> = {}): Promise<void> {
    this.#checkOpen();
    checkAlias('job store', alias);
    const contender = this.#contenders.add(alias, () => this.#contender(alias, ownBackend(options, this.#backendAt)));
    if (this.#started) return contender.start();
    await contender.listen().catch(async (error) => {
      await this.#letGo(alias, contender);
      throw error;
    });
  }

  /**
   * Contends for a job store no more; if it leads it, another coordinator takes over at once. Its jobs stay where they are.
   * @throws UnknownJobStoreError
   */
  async removeJobStore(alias: string): Promise<void> {
    this.#checkOpen();
    const contender = this.#contenders.get(alias);
    await contender.stop();
    await this.#letGo(alias, contender);
  }

  health(): CoordinatorHealth {
    const stores = this.#contenders.aliases.map((alias) => [alias, { epoch: this.#contenders.get(alias).epoch }]);
    const unserved = this.#contenders.all.flatMap(({ jobStore, unserved }) =>
      unserved ? { jobStore, ...unserved, since: new Date(unserved.since) } : [],
    );
    return { status: this.#status, coordinatorId: this.id, jobStores: Object.fromEntries(stores), unserved };
  }

  /** As `Scheduler.addListener` does, for the job stores of this coordinator. */
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
    this.#status = 'starting';
    this.#balancer.start();
    await Promise.all(this.#contenders.all.map((contender) => contender.start()));
    if (this.#shutDown) return;
    this.#status = 'running';
    this.#report({ kind: 'coordinator_started', coordinatorId: this.id, jobStores: this.#contenders.aliases });
  }

  async #stop(): Promise<void> {
    const contenders = this.#contenders.all;
    this.#balancer.stop();
    this.#endWatch?.();
    await Promise.all(contenders.map((contender) => contender.stop()));
    await Promise.all(contenders.map((contender) => contender.close()));
    await this.#started;
    this.#listeners.close();
    await this.#backend.close();
    this.#status = 'shut down';
    this.#report({ kind: 'coordinator_shut_down', coordinatorId: this.id });
  }

  async #letGo(alias: string, contender: Contender): Promise<void> {
    await within(this.#backend.clock, LEAVE_MS, this.#listeners.removeStore(alias)).catch(() => {});
    await contender.close();
    this.#contenders.remove(alias, contender);
  }

  #checkOpen(): void {
    if (this.#shutDown) throw new ShutDownError('coordinator');
  }

  #contender(jobStore: string, own?: CoordinatorBackend): Contender {
    return new Contender({
      jobStore,
      coordinatorId: this.id,
      backend: own ?? this.#backend,
      isOwn: own !== undefined,
      listeners: this.#listeners,
      report: this.#report,
      leaseMs: this.#leaseMs,
      account: this.#account,
      onChange: () => this.#balancer.ring(),
    });
  }
}
