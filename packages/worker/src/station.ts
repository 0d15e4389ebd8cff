import { setMaxListeners } from 'node:events';
import type { UnservedExecutor } from '@carillon/core';
import {
  ContractMemory,
  type Instruments,
  keepTrying,
  LEAVE_MS,
  type Ledger,
  type Report,
  type StorePlace,
  type Unsubscribe,
  type WorkerBackend,
  within,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { Executor, Executors } from './executors/executors.js';
import { HeldRuns } from './held-runs.js';
import { Intake } from './intake.js';
import { Membership } from './membership.js';
import { ProgressReporter } from './progress.js';
import { recordsCall } from './run-calls.js';
import { Settler } from './settler.js';
import { StoredArguments } from './stored-arguments.js';
import { UnknownTasks } from './unknown-tasks.js';

export interface StationParts extends StorePlace<WorkerBackend> {
  readonly workerId: string;
  readonly executors: Executors;
  readonly leaseMs: number;
  readonly unknownTaskMs: number;
  readonly report: Report;
  readonly logger: Logger;
  readonly instruments: Instruments | undefined;
}

/** The part of a worker for one job store. */
export class Station {
  readonly #parts: StationParts;
  readonly #ledger: Ledger;
  readonly #held = new HeldRuns();
  readonly #settler: Settler;
  readonly #progress: ProgressReporter;
  readonly #unknownTasks: UnknownTasks;
  readonly #membership: Membership;
  readonly #contracts = new ContractMemory();
  readonly #intakes = new Map<string, Intake>();
  readonly #offNews = new Map<string, () => void>();
  readonly #stopping = new AbortController();
  #unsubscribe: Unsubscribe | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<number> | undefined;

  constructor(parts: StationParts) {
    this.#parts = parts;
    // Each executor listens to it as it starts: many at once are not a leak.
    setMaxListeners(0, this.#stopping.signal);
    const { jobStore, workerId, backend, executors, leaseMs, report } = parts;
    const { clock, chance } = backend;
    const { ledger, records } = backend.jobStore(jobStore);
    this.#ledger = ledger;
    const held = this.#held;
    this.#settler = new Settler({ jobStore, ledger, chance, clock, report });
    const patienceMs = parts.unknownTaskMs;
    this.#unknownTasks = new UnknownTasks({
      jobStore,
      workerId,
      records,
      ledger,
      patienceMs,
      clock,
      report,
    });
    this.#progress = new ProgressReporter({ jobStore, ledger, clock, report });
    this.#membership = new Membership({
      ...{ jobStore, workerId, backend, executors, leaseMs, report, ledger, held },
      unserved: () => this.unserved,
      keep: () => Promise.all([...this.#intakes.values()].map((intake) => intake.keepLimits())),
      signal: this.#stopping.signal,
    });
    for (const executor of executors.all) this.#open(executor);
  }

  /** Runs started and not yet settled. */
  get running(): number {
    return this.#held.all.length;
  }

  /** The executors that this worker should serve here, and does not serve at the moment. */
  get unserved(): readonly UnservedExecutor[] {
    if (!this.#started || this.#stopping.signal.aborted) return [];
    const { outage } = this.#membership;
    const { busOutage } = this.#parts.backend;
    return [...this.#intakes.values()].flatMap((intake) => {
      const found = intake.unserved(outage, busOutage);
      return found ? { ...found, executor: intake.executor.alias, since: new Date(found.since) } : [];
    });
  }

  /** Resolves once the listeners are subscribed here too. */
  async listen(): Promise<void> {
    const { jobStore, backend, listeners } = this.#parts;
    if (!this.#stopping.signal.aborted) await listeners.addStore(jobStore, backend);
  }

  /** Connects and begins to take runs. Resolves once it takes runs, however long that takes, or once it is stopped. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Serves one more executor, from now on or from the start on. Resolves once it takes its runs, and has published that. */
  async addExecutor(executor: Executor): Promise<void> {
    const intake = this.#open(executor);
    if (!this.#started) return;
    await this.#started;
    if (this.#stopping.signal.aborted) return;
    await this.#take(intake);
    await this.#membership.serves(executor);
  }

  /** Stops serving an executor, as `stop` does for all. Resolves once that is published, or cannot be. */
  async removeExecutor(executor: Executor, limitMs: number): Promise<void> {
    await this.#intakes.get(executor.alias)?.stop(limitMs);
    this.#intakes.delete(executor.alias);
    this.#offNews.get(executor.alias)?.();
    this.#offNews.delete(executor.alias);
    await this.#membership.servesNoMore(executor);
  }

  /** Writes the present state of this worker to the job store. If Redis does not reply, the next heartbeat does it. */
  async showNews(): Promise<void> {
    await this.#membership.show();
  }

  /**
   * Stops taking runs, and lets its runs finish within the limit. Then it aborts the others and hands them back. Returns how many it
   * handed back. Of several calls, the shortest limit counts.
   */
  async stop(limitMs: number): Promise<number> {
    this.#stopping.abort();
    const stopped = Promise.all([...this.#intakes.values()].map((intake) => intake.stop(limitMs)));
    this.#stopped ??= stopped.then((handedBack) => this.#stop(handedBack));
    return this.#stopped;
  }

  #open(executor: Executor): Intake {
    const { jobStore, workerId, backend, leaseMs, report, logger, instruments } = this.#parts;
    const common = { jobStore, workerId, backend, leaseMs, report, logger, instruments };
    const onProgress = this.#progress.note.bind(this.#progress);
    const work = {
      ledger: this.#ledger,
      storeCall: recordsCall(backend.jobStore(jobStore).records),
      held: this.#held,
      settler: this.#settler,
      onProgress,
      unknownTasks: this.#unknownTasks,
      contracts: this.#contracts,
    };
    const intake = new Intake({ ...common, ...work, executor });
    this.#intakes.set(executor.alias, intake);
    // A leader is to know soon: it packs runs by that.
    this.#offNews.set(
      executor.alias,
      executor.durations.onNews(() => void this.showNews()),
    );
    return intake;
  }

  async #start(): Promise<void> {
    await this.#membership.join(() => this.#connect());
    if (this.#stopping.signal.aborted) return;
    void this.#compareArguments();
    await Promise.all([...this.#intakes.values()].map((intake) => this.#take(intake)));
  }

  /** Reports which stored jobs and owed runs break their task's contract. It runs once, in the background. */
  #compareArguments(): Promise<void> {
    const { jobStore, backend, executors, report } = this.#parts;
    const { clock } = backend;
    const { signal } = this.#stopping;
    const { records } = backend.jobStore(jobStore);
    const stored = new StoredArguments({ jobStore, records, tasks: executors.callables, clock, report, signal });
    return keepTrying(() => stored.compare(), clock, report, signal);
  }

  async #take(intake: Intake): Promise<void> {
    const { backend, report } = this.#parts;
    await keepTrying(() => intake.start(), backend.clock, report, this.#stopping.signal);
  }

  async #connect(): Promise<void> {
    const { jobStore, backend } = this.#parts;
    await backend.connect();
    await this.listen();
    this.#unsubscribe ??= await backend.eventBus(jobStore).subscribe('control', (message) => this.#obey(message));
  }

  /** A message that is lost is replaced by the next heartbeat. */
  #obey(message: string): void {
    const [, runId] = /^cancel (\S+)$/.exec(message) ?? [];
    if (runId !== undefined) this.#held.cancel(runId);
  }

  async #stop(handedBack: readonly number[]): Promise<number> {
    this.#settler.close();
    for (const off of this.#offNews.values()) off();
    const left = [this.#membership.leave(), this.#unsubscribe?.()];
    await within(this.#parts.backend.clock, LEAVE_MS, Promise.allSettled(left));
    return handedBack.reduce((one, other) => one + other, 0);
  }
}
