import type { WatchedStore } from '@carillon/core';
import {
  type AccountLimits,
  because,
  type CoordinatorBackend,
  type DeliveryQueue,
  draft,
  type Instruments,
  keepTrying,
  OutageWatch,
  type Report,
  type Showing,
  type Shown,
  type StorePlace,
} from '@carillon/core/internal';
import { Leader } from './leader.js';
import { Leadership } from './leadership.js';
import type { Unserved } from './unserved.js';

export interface ContenderParts extends StorePlace<CoordinatorBackend> {
  readonly coordinatorId: string;
  readonly report: Report;
  readonly leaseMs: number;
  /** How much is kept of what was of jobs that do not say it; null: as usual. */
  readonly account: AccountLimits | null;
  readonly instruments: Instruments | undefined;
  /** Called when this one begins or stops to lead or to contend. */
  readonly onChange: () => void;
}

/** What a coordinator does in one job store. */
export class Contender {
  readonly #parts: ContenderParts;
  readonly #queue: DeliveryQueue;
  readonly #leadership: Leadership;
  readonly #stopping = new AbortController();
  /** Published if the job store was emptied. */
  readonly #emptied: Showing['emptied'];
  /** What marked the birth of the job store when it was last seen. */
  #born: string | null = null;
  /** Over once it contends. */
  readonly #entering: OutageWatch;
  #isEntered = false;
  #isContending = false;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: ContenderParts) {
    this.#parts = parts;
    const { jobStore, coordinatorId, backend, report, leaseMs, instruments, onChange } = parts;
    const { clock, chance } = backend;
    this.#entering = new OutageWatch(clock);
    this.#emptied = draft(jobStore, 'jobstore_emptied', { coordinatorId });
    const { terms } = backend.jobStore(jobStore);
    const common = { jobStore, terms, clock, report, leaseMs };
    this.#queue = backend.deliveryQueue(jobStore);
    const leader = new Leader({
      ...common,
      queue: this.#queue,
      chance,
      instruments,
      triggerOf: backend.triggerOf,
      packRules: backend.packRules,
    });
    const election = backend.election(jobStore, leaseMs);
    const bus = backend.eventBus(jobStore);
    this.#leadership = new Leadership({ ...common, coordinatorId, election, bus, leader, onChange });
  }

  /** The epoch of the term while this one leads; null if it does not. */
  get epoch(): number | null {
    return this.#leadership.epoch;
  }

  get jobStore(): string {
    return this.#parts.jobStore;
  }

  /** As telemetry sees its job store. */
  get watched(): WatchedStore {
    const { jobStore, backend } = this.#parts;
    return { jobStore, measure: (params) => backend.jobStore(jobStore).records.measure(params) };
  }

  get isContending(): boolean {
    return this.#isContending && !this.#stopping.signal.aborted;
  }

  /** It does not contend, or not fire, though it is to; null if it does, or is not to. */
  get unserved(): Unserved | null {
    if (!this.#started || this.#stopping.signal.aborted) return null;
    const { outage, busOutage } = this.#parts.backend;
    const entering = this.#entering.outage;
    if (entering && this.#entering.isOfFormat) return { ...entering, reason: 'format_not_read' };
    if (entering) return { ...because(entering, outage, busOutage), reason: 'not_contending' };
    if (outage) return { ...outage, reason: 'not_contending' };
    const found = this.#leadership.unserved;
    if (!found) return busOutage && { ...busOutage, reason: 'not_hearing' };
    return found.reason === 'not_contending' ? because(found, busOutage) : found;
  }

  get isHandingOver(): boolean {
    return this.#leadership.isHandingOver;
  }

  /** Shows the others that this one contends; returns all that do. If Redis has forgotten the job store, makes it known again. */
  async show(
    showing: Omit<Showing, 'coordinatorId' | 'epoch' | 'born' | 'account' | 'emptied'>,
  ): Promise<readonly Shown[]> {
    const { jobStore, coordinatorId, backend, report, account } = this.#parts;
    const { contenders, records } = backend.jobStore(jobStore);
    const known = this.#born;
    const mine = { coordinatorId, epoch: this.epoch, born: known, account, emptied: this.#emptied };
    const seen = await contenders.show({ ...showing, ...mine });
    if (known !== null && known !== seen.born) {
      await records.register(true);
      report({ kind: 'store_emptied', jobStore });
    }
    this.#born = seen.born;
    return seen.coordinators;
  }

  /** Has another coordinator lead in place of this one. */
  handOver(heir: string): void {
    this.#leadership.handOver(heir);
  }

  /** Resolves once the listeners are subscribed here too. */
  async listen(): Promise<void> {
    const { jobStore, backend, listeners } = this.#parts;
    if (!this.#stopping.signal.aborted) await listeners.addStore(jobStore, backend);
  }

  /** Connects and begins to contend. Resolves once it does, however long that takes, or is stopped. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Hands the leadership over. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    const { backend, report, onChange } = this.#parts;
    const { signal } = this.#stopping;
    // However often it is tried, it is one start.
    const op = backend.chance.id();
    this.#entering.began('it is being started');
    const enter = () => this.#entering.over(() => this.#enter(op));
    await keepTrying(enter, backend.clock, report, signal);
    if (signal.aborted) return;
    this.#isContending = true;
    this.#leadership.start();
    onChange();
  }

  async #enter(op: string): Promise<void> {
    const { jobStore, coordinatorId, backend, leaseMs } = this.#parts;
    const { records, contenders } = backend.jobStore(jobStore);
    await backend.connect();
    await this.listen();
    await contenders.say({ coordinatorId, aliveMs: leaseMs });
    await records.register(true);
    await records.announce({ op, event: draft(jobStore, 'scheduler_started', { coordinatorId }) });
    this.#isEntered = true;
  }

  async #stop(): Promise<void> {
    const { jobStore, coordinatorId, backend } = this.#parts;
    this.#stopping.abort();
    await this.#started;
    // First of all, so that no other coordinator makes this one an heir.
    const left = backend.jobStore(jobStore).contenders.leave(coordinatorId);
    await Promise.allSettled([left, this.#leadership.stop()]);
    await this.#queue.close().catch(() => {});
    if (this.#isEntered) {
      const { records } = backend.jobStore(jobStore);
      const event = draft(jobStore, 'scheduler_shutdown', { coordinatorId });
      await records.announce({ op: backend.chance.id(), event }).catch(() => {});
    }
  }
}
