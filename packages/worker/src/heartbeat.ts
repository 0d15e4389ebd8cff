import {
  type Clock,
  type Ledger,
  type Outage,
  OutageWatch,
  type Report,
  upkeepOf,
  type WorkerInfo,
} from '@carillon/core/internal';
import type { HeldRuns } from './held-runs.js';

export interface HeartbeatParts {
  readonly jobStore: string;
  readonly ledger: Ledger;
  readonly held: HeldRuns;
  readonly worker: () => WorkerInfo;
  /** Whether the worker serves other tasks or executors than when it was registered. */
  readonly servesOthers: () => boolean;
  /** Registers the worker again. */
  readonly rejoin: () => Promise<unknown>;
  /** Called after each heartbeat, to set again the values that the worker keeps set. */
  readonly keep: () => Promise<unknown>;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly report: Report;
}

/** The longest pause, however long the lease: a worker that is silent for 30 s is reported as lost. */
const MAX_PAUSE_MS = 10_000;

/**
 * Renews the leases of all runs of a worker together, three times a lease or more often. A run that is refused, or that could not be
 * renewed for a whole lease, belongs to another worker: its signal is aborted, as is that of a run which is being cancelled.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  readonly #watch: OutageWatch;
  #cancel: () => void = () => {};
  #renewedAt: number;
  #isStopped = false;
  #beating: Promise<void> | undefined;
  /** Runs that were lost, and not yet reported. */
  #lost: string[] = [];

  constructor(parts: HeartbeatParts) {
    this.#watch = new OutageWatch(parts.clock);
    const clock = upkeepOf(parts.clock);
    this.#parts = { ...parts, clock };
    this.#renewedAt = clock.now();
  }

  /** Redis refuses the heartbeats. */
  get outage(): Outage | null {
    return this.#watch.outage;
  }

  /** Whether the reason is the format of the job store, which this release cannot read. */
  get isOfFormat(): boolean {
    return this.#watch.isOfFormat;
  }

  start(): void {
    const { clock, leaseMs } = this.#parts;
    this.#cancel = clock.after(Math.min(leaseMs / 3, MAX_PAUSE_MS), () => {
      if (this.#isStopped) return;
      this.#loseOverdue();
      if (!this.#beating) void this.#beat();
      this.start();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#reportLost();
  }

  /**
   * Sends a heartbeat at once. Resolves once the store has the present state of the worker: a heartbeat that is already under way may
   * have an older one.
   */
  async show(): Promise<void> {
    await this.#beating;
    if (this.#isStopped) return;
    await (this.#beating ?? this.#beat());
  }

  #beat(): Promise<void> {
    this.#beating = this.#send().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  async #send(): Promise<void> {
    const { ledger, held, worker, servesOthers, rejoin, keep, leaseMs, clock, report, jobStore } = this.#parts;
    const runs = held.all;
    const askedAt = clock.now();
    try {
      const { isKnown, refused, cancelled } = await ledger.heartbeat({ worker: worker(), leaseMs, held: runs });
      this.#renewedAt = askedAt;
      this.#watch.ended();
      for (const runId of cancelled) held.cancel(runId);
      this.#lose(refused.filter((runId) => runs.some((run) => run === held.get(runId))));
      this.#reportLost();
      // It was counted dead, or the job store was emptied.
      const isNews = !isKnown || servesOthers();
      if (isNews && !this.#isStopped) await rejoin();
      await keep();
    } catch (error) {
      this.#watch.began(error);
      if (!this.#isStopped) report({ kind: 'heartbeat_failed', jobStore, error });
    }
  }

  #loseOverdue(): void {
    const { held, leaseMs, clock } = this.#parts;
    const isOverdue = (since: number) => clock.now() - since > leaseMs;
    const overdue = held.all.filter((run) => isOverdue(Math.max(this.#renewedAt, run.askedAt)));
    this.#lose(overdue.map(({ runId }) => runId));
    // Some were started a little later than others: one outage is reported once.
    if (held.all.every(({ executing, abort }) => !executing || abort.aborted)) this.#reportLost();
  }

  #lose(runIds: readonly string[]): void {
    for (const runId of runIds) {
      const run = this.#parts.held.get(runId);
      if (!run?.executing || run.abort.aborted) continue;
      this.#lost.push(runId);
      run.abort.abort(new Error('the lease of this run was lost: another worker may run it'));
    }
  }

  #reportLost(): void {
    const runIds = this.#lost;
    this.#lost = [];
    if (runIds.length > 0) this.#parts.report({ kind: 'runs_lost', jobStore: this.#parts.jobStore, runIds });
  }
}
