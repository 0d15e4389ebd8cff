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
  /** What the worker is to serve here, and does not. */
  readonly unserved: () => readonly UnservedExecutor[];
  /** Called after each heartbeat: sets again what the worker has to keep set. */
  readonly keep: () => Promise<unknown>;
  /** Over once the worker leaves. */
  readonly signal: AbortSignal;
}

/** That a job store knows a worker: it joins, shows what it serves, renews its leases, and leaves. */
export class Membership {
  readonly #parts: MembershipParts;
  readonly #heartbeat: Heartbeat;
  /** Over once the job store knows this worker. */
  readonly #joining: OutageWatch;
  /** The job store knows this worker, or soon may. */
  #isKnown = false;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    const { jobStore, backend, leaseMs, report, ledger, held, keep } = parts;
    const { clock } = backend;
    this.#joining = new OutageWatch(clock);
    const worker = () => this.#info();
    const rejoin = () => this.#join();
    this.#heartbeat = new Heartbeat({ jobStore, ledger, held, worker, rejoin, keep, leaseMs, clock, report });
  }

  /** What keeps the worker from serving anything here. */
  get outage(): OfStation | null {
    const { outage, busOutage } = this.#parts.backend;
    const joining = this.#joining.outage;
    if (joining && this.#joining.isOfFormat) return { ...joining, reason: 'format_not_read' };
    if (joining) return { ...because(joining, outage, busOutage), reason: 'not_taking' };
    if (outage) return { ...outage, reason: 'not_taking' };
    const beating = this.#heartbeat.outage;
    return beating && { ...beating, reason: this.#heartbeat.isOfFormat ? 'format_not_read' : 'not_taking' };
  }

  /** Makes the worker known, once it is connected. Resolves once it is, however long that takes, or the worker leaves. */
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

  /** Shows what the worker is now. Where Redis does not answer, the next heartbeat shows it. */
  async show(): Promise<void> {
    if (this.#isKnown) await this.#heartbeat.show();
  }

  /** Shows what the worker serves now, then publishes that it serves an executor. */
  async serves(executor: Executor): Promise<void> {
    await this.#publish('executor_added', executor);
  }

  /** The same where it serves it no more. Where Redis does not answer in time, it is published later, if the worker has not left. */
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
    const serves = { executors: executors.all.map(({ alias }) => alias), tasks: executors.tasks };
    await ledger.join({ worker: this.#info(), ...serves, event: draft(jobStore, 'worker_joined', about) });
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
