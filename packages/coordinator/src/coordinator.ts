import { type EventType, type Listener, type ListenOptions, ShutDownError, type Subscription } from '@carillon/core';
import {
  type CoordinatorBackend,
  checkEventTypes,
  type DeliveryQueue,
  draft,
  keepTrying,
  Listeners,
  type Report,
} from '@carillon/core/internal';
import { Leader } from './leader.js';
import { Leadership } from './leadership.js';
import { type CheckedCoordinatorOptions, type CoordinatorOptions, checkCoordinatorOptions } from './options.js';

/** How a coordinator is. */
export interface CoordinatorHealth {
  readonly status: 'new' | 'starting' | 'running' | 'shut down';
  readonly coordinatorId: string;
  /** For each job store, the epoch of the term while this coordinator leads it, else null. */
  readonly jobStores: { readonly [alias: string]: { readonly epoch: number | null } };
}

interface Contender {
  readonly leadership: Leadership;
  readonly queue: DeliveryQueue;
}

/**
 * Turns due jobs into runs. Any number of coordinators contend for each job store; one leads it. Where Redis is not
 * reached, a coordinator keeps trying.
 */
export class Coordinator implements AsyncDisposable {
  readonly id: string;
  readonly #backend: CoordinatorBackend;
  readonly #report: Report;
  readonly #leaseMs: number;
  readonly #contenders = new Map<string, Contender>();
  readonly #stopping = new AbortController();
  readonly #listeners: Listeners;
  #status: CoordinatorHealth['status'] = 'new';
  #started: Promise<void> | undefined;
  #shutDown: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: CoordinatorOptions) {
    const { backend, report, jobStores, leaseMs }: CheckedCoordinatorOptions = checkCoordinatorOptions(options);
    this.#backend = backend;
    this.#report = report;
    this.#leaseMs = leaseMs;
    this.id = backend.chance.id();
    this.#listeners = new Listeners(report);
    for (const alias of jobStores) {
      this.#contenders.set(alias, this.#contender(alias));
      void this.#listeners.addStore(alias, backend);
    }
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

  health(): CoordinatorHealth {
    const stores = [...this.#contenders].map(([alias, { leadership }]) => [alias, { epoch: leadership.epoch }]);
    return { status: this.#status, coordinatorId: this.id, jobStores: Object.fromEntries(stores) };
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
    const { signal } = this.#stopping;
    const enter = async () => {
      await this.#backend.connect();
      for (const alias of this.#contenders.keys()) await this.#enter(alias);
    };
    await keepTrying(enter, this.#backend.clock, this.#report, signal);
    if (signal.aborted) return;
    for (const { leadership } of this.#contenders.values()) leadership.start();
    this.#status = 'running';
    this.#report({ kind: 'coordinator_started', coordinatorId: this.id, jobStores: [...this.#contenders.keys()] });
  }

  async #enter(alias: string): Promise<void> {
    const { records } = this.#backend.jobStore(alias);
    await records.register(true);
    await records.announce(draft(alias, 'scheduler_started', { coordinatorId: this.id }));
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#started?.catch(() => {});
    await Promise.all(
      [...this.#contenders].map(async ([alias, { leadership, queue }]) => {
        await leadership.stop();
        await queue.close().catch(() => {});
        if (this.#status !== 'running') return;
        const { records } = this.#backend.jobStore(alias);
        await records.announce(draft(alias, 'scheduler_shutdown', { coordinatorId: this.id })).catch(() => {});
      }),
    );
    this.#listeners.close();
    await this.#backend.close();
    this.#status = 'shut down';
    this.#report({ kind: 'coordinator_shut_down', coordinatorId: this.id });
  }

  #contender(jobStore: string): Contender {
    const { terms } = this.#backend.jobStore(jobStore);
    const queue = this.#backend.deliveryQueue(jobStore);
    const { clock, chance } = this.#backend;
    const common = { jobStore, terms, clock, report: this.#report, leaseMs: this.#leaseMs };
    const leader = new Leader({ ...common, queue, chance });
    const election = this.#backend.election(jobStore, this.#leaseMs);
    const bus = this.#backend.eventBus(jobStore);
    return { queue, leadership: new Leadership({ ...common, coordinatorId: this.id, election, bus, leader }) };
  }
}
