import type { UnservedExecutor } from '@carillon/core';
import {
  because,
  draft,
  keepTrying,
  LEAVE_MS,
  type Ledger,
  OutageWatch,
  type Report,
  type WorkerBackend,
  type WorkerInfo,
  within,
} from '@carillon/core/internal';
import type { Executor, Executors } from './executors/executors.js';
import { Heartbeat } from './heartbeat.js';
import type { HeldRuns } from './held-runs.js';
import type { OfStation } from './intake.js';
import { servedAs, workerInfo } from './worker-info.js';

export interface MembershipParts {
  readonly jobStore: string;
  readonly workerId: string;
  readonly backend: WorkerBackend;
  readonly executors: Executors;
  readonly leaseMs: number;
  readonly report: Report;
  readonly ledger: Ledger;
  readonly held: HeldRuns;
  /** The executors that the worker should serve here, and does not. */
  readonly unserved: () => readonly UnservedExecutor[];
  /** Called after each heartbeat, to set again the values that the worker keeps set. */
  readonly keep: () => Promise<unknown>;
  /** Aborted when the worker leaves. */
  readonly signal: AbortSignal;
}

interface Served {
  readonly executors: readonly string[];
  readonly tasks: readonly string[];
}

/** The registration of a worker in a job store: it joins, writes what it serves, renews its leases, and leaves. */
export class Membership {
  readonly #parts: MembershipParts;
  readonly #heartbeat: Heartbeat;
  /** An outage until the job store knows this worker. */
  readonly #joining: OutageWatch;
  /** Whether the job store knows this worker, or may soon. */
  #isKnown = false;
  /** What the worker served when it was registered last. */
  #registered: Served = { executors: [], tasks: [] };

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    const { jobStore, backend, leaseMs, report, ledger, held, keep } = parts;
    const { clock } = backend;
    this.#joining = new OutageWatch(clock);
    const worker = () => this.#info();
    const rejoin = () => this.#join();
    const servesOthers = () => this.#servesOthers();
    this.#heartbeat = new Heartbeat({
      jobStore,
      ledger,
      held,
      worker,
      servesOthers,
      rejoin,
      keep,
      leaseMs,
      clock,
      report,
    });
  }

  /** The outage because of which the worker serves nothing here. */
  get outage(): OfStation | null {
    const { outage, busOutage } = this.#parts.backend;
    const joining = this.#joining.outage;
    if (joining && this.#joining.isOfFormat) return { ...joining, reason: 'format_not_read' };
    if (joining) return { ...because(joining, outage, busOutage), reason: 'not_taking' };
    if (outage) return { ...outage, reason: 'not_taking' };
    const beating = this.#heartbeat.outage;
    return beating && { ...beating, reason: this.#heartbeat.isOfFormat ? 'format_not_read' : 'not_taking' };
  }

  /** Registers the worker, once it is connected. Resolves once it is registered, however long that takes, or the worker leaves. */
  async join(connect: () => Promise<void>): Promise<void> {
    const { backend, report, signal } = this.#parts;
    this.#joining.began('it is being started');
    const attempt = async () => {
      await connect();
      if (signal.aborted) return;
      this.#isKnown = true;
      await this.#join();
    };
    await keepTrying(() => this.#joining.over(attempt), backend.clock, report, signal);
    if (!signal.aborted) this.#heartbeat.start();
  }

  /** Writes the present state of the worker. If Redis does not reply, the next heartbeat does it. */
  async show(): Promise<void> {
    if (this.#isKnown) await this.#heartbeat.show();
  }

  /** Writes what the worker serves now, then publishes that it serves an executor. */
  async serves(executor: Executor): Promise<void> {
    await this.#publish('executor_added', executor);
  }

  /** The same when it stops serving an executor. If Redis does not reply in time, that is published later, unless the worker has left. */
  async servesNoMore(executor: Executor): Promise<void> {
    if (!this.#isKnown) return;
    await within(this.#parts.backend.clock, LEAVE_MS, this.#publish('executor_removed', executor));
  }

  async leave(): Promise<void> {
    this.#heartbeat.stop();
    if (this.#isKnown) await this.#parts.ledger.leave(this.#parts.workerId);
  }

  async #join(): Promise<void> {
    const { jobStore, workerId, executors, ledger } = this.#parts;
    const about = { workerId, executors: executors.all.map(servedAs), tasks: executors.tasks };
    const served = this.#served();
    await ledger.join({ worker: this.#info(), ...served, event: draft(jobStore, 'worker_joined', about) });
    this.#registered = served;
  }

  /** Whether it serves other tasks or executors than when it was registered: what it has now no longer counts as absent. */
  #servesOthers(): boolean {
    return JSON.stringify(this.#served()) !== JSON.stringify(this.#registered);
  }

  #served(): Served {
    const { executors } = this.#parts;
    return { executors: executors.all.map(({ alias }) => alias), tasks: executors.tasks };
  }

  async #publish(type: 'executor_added' | 'executor_removed', executor: Executor): Promise<void> {
    const { jobStore, workerId, backend, report, signal } = this.#parts;
    const announced = { op: backend.chance.id(), event: draft(jobStore, type, { workerId, ...servedAs(executor) }) };
    await this.#heartbeat.show();
    const { records } = backend.jobStore(jobStore);
    await keepTrying(() => records.announce(announced), backend.clock, report, signal);
  }

  #info(): WorkerInfo {
    const { workerId, executors, leaseMs, backend, unserved } = this.#parts;
    return workerInfo({
      workerId,
      executors: executors.all,
      tasks: executors.tasks,
      contracts: executors.contracts,
      leaseMs,
      unserved: unserved(),
      now: backend.clock.now(),
    });
  }
}
