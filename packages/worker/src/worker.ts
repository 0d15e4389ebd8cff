import {
  type Duration,
  type EventType,
  type Listener,
  type ListenOptions,
  ShutDownError,
  type Subscription,
  type TaskMap,
} from '@carillon/core';
import {
  checkEventTypes,
  type DeliveryConsumer,
  draft,
  durationMs,
  keepTrying,
  type Ledger,
  Listeners,
  type WorkerInfo,
  within,
} from '@carillon/core/internal';
import { DeliveryHandler } from './delivery.js';
import { Heartbeat } from './heartbeat.js';
import { HeldRuns } from './held-runs.js';
import { type CheckedWorkerOptions, checkWorkerOptions, type WorkerOptions } from './options.js';
import { Settler } from './settler.js';

/** How a worker is. */
export interface WorkerHealth {
  readonly status: 'new' | 'starting' | 'running' | 'shutting down' | 'shut down';
  readonly workerId: string;
  /** Runs started and not yet settled. */
  readonly running: number;
  readonly executors: { readonly [alias: string]: { readonly concurrency: number } };
}

/** What a worker does in one job store. */
interface Station {
  readonly jobStore: string;
  readonly ledger: Ledger;
  readonly held: HeldRuns;
  readonly heartbeat: Heartbeat;
  readonly consumers: readonly DeliveryConsumer[];
  readonly handler: DeliveryHandler;
}

/** Where Redis does not answer, leaving does not wait for it. */
const LEAVE_MS = 5_000;

/** Takes runs from executors' queues, runs tasks, settles. It keeps nothing: any worker can go on where one was lost. */
export class Worker<T extends TaskMap<T>> implements AsyncDisposable {
  readonly id: string;
  readonly #options: CheckedWorkerOptions;
  readonly #stations: readonly Station[];
  readonly #listeners: Listeners;
  readonly #stopping = new AbortController();
  #status: WorkerHealth['status'] = 'new';
  #started: Promise<void> | undefined;
  #shutDown: Promise<void> | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: WorkerOptions<T>) {
    this.#options = checkWorkerOptions(options);
    const { backend, report, jobStores } = this.#options;
    this.id = backend.chance.id();
    this.#listeners = new Listeners(report);
    this.#stations = jobStores.map((alias) => this.#station(alias));
    for (const alias of jobStores) void this.#listeners.addStore(alias, backend);
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
    const timeoutMs = timeout === undefined ? this.#options.shutdownTimeoutMs : durationMs(timeout, 'timeout');
    this.#shutDown ??= this.#stop(timeoutMs);
    return this.#shutDown;
  }

  health(): WorkerHealth {
    const executors = this.#options.executors.map(({ alias, concurrency }) => [alias, { concurrency }]);
    const running = this.#stations.reduce((sum, { held }) => sum + held.all.length, 0);
    return { status: this.#status, workerId: this.id, running, executors: Object.fromEntries(executors) };
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
    const { backend, report, executors, tasks } = this.#options;
    this.#status = 'starting';
    const { signal } = this.#stopping;
    const told = { workerId: this.id, executors, tasks: [...tasks.keys()] };
    const join = async () => {
      await backend.connect();
      for (const { jobStore, ledger } of this.#stations) {
        await ledger.join({ worker: this.#info(), event: draft(jobStore, 'worker_joined', told) });
      }
    };
    await keepTrying(join, backend.clock, report, signal);
    for (const { heartbeat, consumers } of this.#stations) {
      if (signal.aborted) return;
      heartbeat.start();
      await Promise.all(consumers.map((consumer) => consumer.start()));
    }
    if (signal.aborted) return;
    this.#status = 'running';
    report({ kind: 'worker_started', workerId: this.id, executors: executors.map(({ alias }) => alias) });
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { backend, report } = this.#options;
    this.#stopping.abort();
    const wasRunning = this.#status === 'running';
    this.#status = 'shutting down';
    for (const { handler } of this.#stations) handler.close();
    if (wasRunning) {
      await Promise.all(this.#stations.flatMap(({ consumers }) => consumers.map((consumer) => consumer.pause())));
      const idle = Promise.all(this.#stations.map(({ held }) => held.empty()));
      await within(backend.clock, timeoutMs, idle);
    }
    const handedBack = this.#stations.reduce((sum, { held }) => sum + held.all.length, 0);
    const left = this.#stations.map((station) => this.#leave(station, wasRunning));
    await within(backend.clock, LEAVE_MS, Promise.allSettled(left));
    for (const { release } of this.#stations.flatMap(({ held }) => held.all)) release();
    const closed = this.#stations.flatMap(({ consumers }) => consumers.map((consumer) => consumer.close()));
    await within(backend.clock, LEAVE_MS, Promise.allSettled(closed));
    this.#listeners.close();
    await backend.close();
    this.#status = 'shut down';
    report({ kind: 'worker_shut_down', workerId: this.id, handedBack });
  }

  async #leave({ ledger, held, heartbeat }: Station, wasRunning: boolean): Promise<void> {
    heartbeat.stop();
    const rest = held.all;
    for (const { abort } of rest)
      abort.abort(new Error('the worker is shutting down: this run will run again elsewhere'));
    if (rest.length > 0) await ledger.handBack(rest);
    for (const { release } of rest) release();
    if (wasRunning) await ledger.leave(this.id);
  }

  #info(): WorkerInfo {
    const { executors, tasks, leaseMs } = this.#options;
    return { workerId: this.id, json: JSON.stringify({ executors, tasks: [...tasks.keys()], leaseMs }) };
  }

  #station(jobStore: string): Station {
    const { backend, report, logger, tasks, executors, leaseMs } = this.#options;
    const { clock, chance } = backend;
    const { ledger } = backend.jobStore(jobStore);
    const held = new HeldRuns();
    const settler = new Settler(ledger, chance);
    const workerId = this.id;
    const parts = { jobStore, workerId, ledger, held, settler, tasks, chance, report, logger, leaseMs };
    const handler = new DeliveryHandler(parts);
    const consumers = executors.map(({ alias, concurrency }) => {
      const handle = handler.handle.bind(handler);
      return backend.consumer(jobStore, { executor: alias, concurrency, leaseMs, handle });
    });
    const heartbeat = new Heartbeat({ jobStore, ledger, held, worker: this.#info(), leaseMs, clock, report });
    return { jobStore, ledger, held, heartbeat, consumers, handler };
  }
}
