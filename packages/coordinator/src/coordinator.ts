import type { EventType, JobStoreOptions, Listener, ListenOptions, Subscription } from '@carillon/core';
import {
  type CoordinatorBackend,
  checkEventTypes,
  JobStores,
  Lifecycle,
  type LifecycleStatus,
} from '@carillon/core/internal';
import { Balancer } from './balancer.js';
import { Contender } from './contender.js';
import { type CoordinatorOptions, checkCoordinatorOptions } from './options.js';
import type { UnservedJobStore } from './unserved.js';

/** The health of a coordinator. */
export interface CoordinatorHealth {
  readonly status: LifecycleStatus;
  readonly coordinatorId: string;
  /** For each job store, the epoch of the term while this coordinator leads it, else null. */
  readonly jobStores: { readonly [alias: string]: { readonly epoch: number | null } };
  /**
   * The job stores that the coordinator was given and does not serve at the moment, from the first moment on; none for a coordinator that
   * is not started, or was shut down. While Redis is away, that is all of them. The coordinator keeps trying. `since` is by the clock of
   * this process.
   */
  readonly unserved: readonly UnservedJobStore[];
}

/**
 * Turns due jobs into runs. Any number of coordinators contend for each job store; one leads it. Where Redis is not
 * reached, a coordinator keeps trying.
 */
export class Coordinator implements AsyncDisposable {
  readonly id: string;
  readonly #contenders: JobStores<Contender, CoordinatorBackend>;
  readonly #balancer: Balancer;
  readonly #life: Lifecycle;

  /** @throws InvalidOptionsError */
  constructor(options: CoordinatorOptions) {
    const { instruments, leaseMs, account, ...places } = checkCoordinatorOptions(options);
    const { backend, report } = places;
    const coordinatorId = backend.chance.id();
    this.id = coordinatorId;
    const onChange = () => this.#balancer.ring();
    this.#contenders = new JobStores({
      ...places,
      open: (place) => new Contender({ ...place, coordinatorId, report, leaseMs, account, instruments, onChange }),
    });
    const contenders = () => this.#contenders.all.filter(({ isContending }) => isContending);
    this.#balancer = new Balancer({ coordinatorId, clock: backend.clock, report, leaseMs, contenders });
    const stores = () => this.#contenders.all.map(({ watched }) => watched);
    const endWatch = instruments?.watch({ role: 'coordinator', stores });
    this.#life = new Lifecycle({
      name: 'coordinator',
      start: () => {
        this.#balancer.start();
        return Promise.all(this.#contenders.all.map((contender) => contender.start()));
      },
      onRunning: () => report({ kind: 'coordinator_started', coordinatorId, jobStores: this.#contenders.aliases }),
      stop: async () => {
        this.#balancer.stop();
        endWatch?.();
        await Promise.all(this.#contenders.all.map((contender) => contender.stop()));
      },
      close: () => this.#contenders.close(),
      onShutDown: () => report({ kind: 'coordinator_shut_down', coordinatorId }),
    });
  }

  /** Connects and begins to contend. Resolves once connected, however long that takes. */
  start(): Promise<void> {
    return this.#life.start();
  }

  /** Hands its leaderships over and disconnects. */
  shutdown(): Promise<void> {
    return this.#life.shutdown();
  }

  /**
   * Contends for one more job store from now on, also while running. Resolves once it does, however long its Redis is not
   * reached; before `start()`, at once.
   * @param options another Redis for this job store alone; where it is left out, it is where the others are
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError
   */
  async addJobStore(alias: string, options: JobStoreOptions<CoordinatorBackend> = {}): Promise<void> {
    this.#life.checkOpen();
    await this.#contenders.add(alias, options, (contender) =>
      this.#life.isStarted ? contender.start() : contender.listen(),
    );
  }

  /**
   * Stops contending for a job store; if this coordinator leads it, another one takes over at once. Its jobs stay where they are.
   * @throws UnknownJobStoreError
   */
  async removeJobStore(alias: string): Promise<void> {
    this.#life.checkOpen();
    await this.#contenders.remove(alias, (contender) => contender.stop());
  }

  health(): CoordinatorHealth {
    const stores = this.#contenders.aliases.map((alias) => [alias, { epoch: this.#contenders.get(alias).epoch }]);
    const unserved = this.#contenders.all.flatMap(({ jobStore, unserved }) =>
      unserved ? { jobStore, ...unserved, since: new Date(unserved.since) } : [],
    );
    return { status: this.#life.status, coordinatorId: this.id, jobStores: Object.fromEntries(stores), unserved };
  }

  /** As `Scheduler.addListener` does, for the job stores of this coordinator. */
  async addListener<Type extends EventType = EventType>(
    callback: Listener<NoInfer<Type>>,
    types?: readonly Type[],
    options?: ListenOptions,
  ): Promise<Subscription> {
    return this.#contenders.listeners.add(callback as Listener, types && checkEventTypes(types), options);
  }

  async removeListener<Type extends EventType>(callback: Listener<Type>): Promise<void> {
    await this.#contenders.listeners.remove(callback as Listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }
}
