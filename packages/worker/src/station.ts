import {
  type DeliveryConsumer,
  draft,
  keepTrying,
  type Ledger,
  type Listeners,
  type Report,
  type SlotShare,
  type Unsubscribe,
  type WorkerBackend,
  type WorkerInfo,
  within,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import { DeliveryHandler } from './delivery.js';
import type { Executors } from './executors/executors.js';
import { Heartbeat } from './heartbeat.js';
import { HeldRuns } from './held-runs.js';
import type { CheckedWorkerOptions } from './options.js';
import { ProgressReporter } from './progress.js';
import { Settler } from './settler.js';

export interface StationParts {
  readonly jobStore: string;
  readonly workerId: string;
  readonly backend: WorkerBackend;
  /** The backend is of this job store alone. */
  readonly isOwn: boolean;
  readonly listeners: Listeners;
  readonly tasks: Executors;
  readonly executors: CheckedWorkerOptions['executors'];
  /** A part in the slots of an executor, which the job stores of this worker share. */
  readonly slotsOf: (executor: string) => SlotShare;
  readonly leaseMs: number;
  readonly report: Report;
  readonly logger: Logger;
}

/** Where Redis does not answer, leaving does not wait for it. */
const LEAVE_MS = 5_000;

/** What a worker does in one job store. */
export class Station {
  readonly #parts: StationParts;
  readonly #ledger: Ledger;
  readonly #held = new HeldRuns();
  readonly #heartbeat: Heartbeat;
  readonly #handler: DeliveryHandler;
  readonly #consumers: readonly DeliveryConsumer[];
  readonly #stopping = new AbortController();
  #unsubscribe: Unsubscribe | undefined;
  /** The job store knows this worker, or soon may. */
  #isKnown = false;
  #isTaking = false;
  #started: Promise<void> | undefined;
  #stopped: Promise<number> | undefined;
  /** Ends the wait for runs to finish. */
  #hurry: () => void = () => {};

  constructor(parts: StationParts) {
    this.#parts = parts;
    const { jobStore, workerId, backend, tasks, executors, slotsOf, leaseMs, report, logger } = parts;
    const { clock, chance } = backend;
    const { ledger } = backend.jobStore(jobStore);
    this.#ledger = ledger;
    const held = this.#held;
    const settler = new Settler(ledger, chance);
    const progress = new ProgressReporter({ jobStore, ledger, clock, report });
    const onProgress = progress.tell.bind(progress);
    const handled = {
      jobStore,
      workerId,
      ledger,
      held,
      settler,
      tasks,
      chance,
      clock,
      report,
      logger,
      leaseMs,
      onProgress,
    };
    this.#handler = new DeliveryHandler(handled);
    const handle = this.#handler.handle.bind(this.#handler);
    this.#consumers = executors.map(({ alias }) =>
      backend.consumer(jobStore, { executor: alias, slots: slotsOf(alias), leaseMs, handle }),
    );
    this.#heartbeat = new Heartbeat({ jobStore, ledger, held, worker: this.#info(), leaseMs, clock, report });
  }

  /** Runs started and not yet settled. */
  get running(): number {
    return this.#held.all.length;
  }

  /** Resolves once the listeners are subscribed here too. */
  async listen(): Promise<void> {
    const { jobStore, backend, listeners } = this.#parts;
    if (!this.#stopping.signal.aborted) await listeners.addStore(jobStore, backend);
  }

  /** Connects and begins to take runs. Resolves once it does, however long that takes, or is stopped. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /**
   * Takes no more runs, lets those that it has finish for as long as the limit says, then aborts them and hands them back.
   * Answers how many those are. Called again, the shorter limit counts.
   */
  async stop(limitMs: number): Promise<number> {
    this.#stopped ??= this.#stop();
    const cancel = this.#parts.backend.clock.after(limitMs, () => this.#hurry());
    try {
      return await this.#stopped;
    } finally {
      cancel();
    }
  }

  /** Disconnects what is of this job store alone. */
  async close(): Promise<void> {
    if (this.#parts.isOwn) await this.#parts.backend.close();
  }

  async #start(): Promise<void> {
    const { backend, report } = this.#parts;
    const { signal } = this.#stopping;
    await keepTrying(() => this.#join(), backend.clock, report, signal);
    if (signal.aborted) return;
    this.#isTaking = true;
    this.#heartbeat.start();
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
  }

  async #join(): Promise<void> {
    const { jobStore, workerId, backend, executors, tasks } = this.#parts;
    await backend.connect();
    await this.listen();
    const told = { workerId, executors, tasks: [...tasks.keys()] };
    this.#unsubscribe ??= await backend.eventBus(jobStore).subscribe('control', (message) => this.#obey(message));
    if (this.#stopping.signal.aborted) return;
    this.#isKnown = true;
    await this.#ledger.join({ worker: this.#info(), event: draft(jobStore, 'worker_joined', told) });
  }

  /** What is missed here, the next heartbeat brings. */
  #obey(message: string): void {
    const [, runId] = /^cancel (\S+)$/.exec(message) ?? [];
    if (runId !== undefined) this.#held.cancel(runId);
  }

  async #stop(): Promise<number> {
    const { clock } = this.#parts.backend;
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    this.#stopping.abort();
    this.#handler.close();
    if (this.#isTaking) {
      const paused = Promise.all(this.#consumers.map((consumer) => consumer.pause()));
      await within(clock, LEAVE_MS, paused);
      await Promise.race([this.#held.empty(), hurried]);
    }
    const rest = this.#held.all;
    await within(clock, LEAVE_MS, Promise.allSettled([this.#leave()]));
    for (const { release } of this.#held.all) release();
    const closed = this.#consumers.map((consumer) => consumer.close());
    await within(clock, LEAVE_MS, Promise.allSettled([...closed, this.#unsubscribe?.()]));
    return rest.length;
  }

  async #leave(): Promise<void> {
    this.#heartbeat.stop();
    const rest = this.#held.all;
    for (const { abort } of rest)
      abort.abort(new Error('the worker is shutting down: this run will run again elsewhere'));
    if (rest.length > 0) await this.#ledger.handBack(rest);
    for (const { release } of rest) release();
    if (this.#isKnown) await this.#ledger.leave(this.#parts.workerId);
  }

  #info(): WorkerInfo {
    const { workerId, executors, tasks, leaseMs } = this.#parts;
    return { workerId, json: JSON.stringify({ executors, tasks: [...tasks.keys()], leaseMs }) };
  }
}
