import type { LeaderLostEvent } from '@carillon/core';
import {
  Alarm,
  type Clock,
  draft,
  type Election,
  type EventBus,
  LEAVE_MS,
  type Lock,
  type Outage,
  OutageWatch,
  type Report,
  type TermStore,
  type Unsubscribe,
  upkeepOf,
  within,
} from '@carillon/core/internal';
import { type Leader, LOOK_MS } from './leader.js';
import { Term, TermOver } from './term.js';
import type { Unserved } from './unserved.js';

/** The longest time between two looks at a lock that another coordinator holds. */
const MAX_STANDBY_MS = 5_000;
const RETRY_MS = 200;
/** How often the pause doubles while steps of the leader fail. */
const MOST_DOUBLINGS = 3;
/** How long a leader leaves a job store to the one that it handed it over to. */
const MAX_HOLD_OFF_MS = 1_000;

export interface LeadershipParts {
  readonly jobStore: string;
  readonly coordinatorId: string;
  readonly terms: TermStore;
  readonly election: Election;
  readonly bus: EventBus;
  readonly leader: Leader;
  readonly clock: Clock;
  readonly report: Report;
  readonly leaseMs: number;
  /** Called when a term has begun or ended. */
  readonly onChange: () => void;
}

/**
 * Contends for the leadership of one job store, and leads while it holds it:
 *
 *     standby ──lock acquired──▶ candidate ──epoch raised──▶ leader
 *        ▲                           │ lock lost meanwhile      │ lease not extended, a write refused, handed over, shutdown
 *        └───────────────────────────┴──────────────────────────┘
 */
export class Leadership {
  readonly #parts: LeadershipParts;
  readonly #alarm: Alarm;
  #term: Term | undefined;
  /** The coordinator that is to lead in place of this one. */
  #heir: string | undefined;
  #holdsOffUntil = 0;
  /** Steps of the leader that failed, one after the other. */
  #failures = 0;
  /** It cannot contend. */
  readonly #contending: OutageWatch;
  /** No coordinator can contend. */
  readonly #lockedOut: OutageWatch;
  /** It leads, and its steps fail. */
  readonly #stepping: OutageWatch;
  #isStopping = false;
  #ended: Promise<void> | undefined;
  #unsubscribe: Unsubscribe | undefined;

  constructor(parts: LeadershipParts) {
    this.#parts = parts;
    const { clock } = parts;
    this.#contending = new OutageWatch(clock);
    this.#lockedOut = new OutageWatch(clock);
    this.#stepping = new OutageWatch(clock);
    this.#alarm = new Alarm(parts.clock);
  }

  /** The term's epoch while this one leads; null means standby. */
  get epoch(): number | null {
    return this.#term && !this.#term.isOver ? this.#term.epoch : null;
  }

  get isHandingOver(): boolean {
    return this.#heir !== undefined;
  }

  /** What keeps it from contending, or from firing while it leads. */
  get unserved(): Unserved | null {
    const found = (outage: Outage | null, reason: Unserved['reason']) => (outage ? { ...outage, reason } : null);
    return (
      found(this.#contending.outage, this.#contending.isOfFormat ? 'format_not_read' : 'not_contending') ??
      found(this.#lockedOut.outage, 'lock_not_ours') ??
      found(this.#stepping.outage, this.#stepping.isOfFormat ? 'format_not_read' : 'not_firing') ??
      found(this.#term ? this.#parts.leader.outage : null, 'not_firing')
    );
  }

  /** Finishes what the leader is at, and has another one lead. */
  handOver(heir: string): void {
    if (!this.#term) return;
    this.#heir = heir;
    this.#alarm.ring();
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  /** Finishes what the leader is at, hands the leadership over, and ends. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#alarm.ring();
    await within(this.#parts.clock, LEAVE_MS, this.#ended);
    await within(this.#parts.clock, LEAVE_MS, this.#unsubscribe?.()).catch(() => {});
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        this.#unsubscribe ??= await this.#parts.bus.subscribe('wakeup', (message) => this.#onWakeup(message));
        await this.#contend();
      } catch (error) {
        this.#contending.began(error);
        this.#parts.report({ kind: 'election_failed', jobStore: this.#parts.jobStore, error });
        if (!this.#isStopping) await this.#alarm.sleep(RETRY_MS);
      }
    }
  }

  async #contend(): Promise<void> {
    const { election, terms, coordinatorId } = this.#parts;
    const holdOffMs = this.#holdsOffUntil - this.#parts.clock.now();
    if (holdOffMs > 0) {
      await this.#alarm.sleep(holdOffMs);
      return;
    }
    // To look at a lock is one call; to be refused it is three.
    const remainingMs = await election.remainingMs();
    if (remainingMs > 0) return this.#standBy(remainingMs);
    const lock = await election.acquire();
    if (!lock) return;
    const epoch = await terms.beginTerm({ lock: lock.value, coordinatorId }).catch(async (error) => {
      await lock.release().catch(() => {});
      throw error;
    });
    this.#contending.ended();
    this.#lockedOut.ended();
    if (epoch !== null) await this.#lead(epoch, lock);
  }

  /** Sleeps until the lock expires, or a message says that it was released. */
  async #standBy(remainingMs: number): Promise<void> {
    const { jobStore, report } = this.#parts;
    this.#contending.ended();
    if (remainingMs === Number.POSITIVE_INFINITY) {
      this.#lockedOut.began(`the key \`leader\` of job store ${JSON.stringify(jobStore)} never expires`);
      report({ kind: 'lock_not_ours', jobStore });
    } else {
      this.#lockedOut.ended();
    }
    await this.#alarm.sleep(Number.POSITIVE_INFINITY, Math.min(remainingMs + 1, MAX_STANDBY_MS));
  }

  async #lead(epoch: number, lock: Lock): Promise<void> {
    const { clock, report, jobStore, leaseMs, onChange } = this.#parts;
    const term = new Term(epoch, lock, leaseMs, upkeepOf(clock), () => this.#alarm.ring());
    this.#term = term;
    report({ kind: 'term_began', jobStore, epoch });
    onChange();
    let wasWoken = false;
    while (!this.#isStopping && !term.isOver && this.#heir === undefined) {
      wasWoken = await this.#alarm.sleep(await this.#tick(term, wasWoken), LOOK_MS);
    }
    await this.#parts.leader.idle(epoch);
    const heir = term.isOver || this.#isStopping ? undefined : this.#heir;
    term.end();
    this.#term = undefined;
    this.#stepping.ended();
    if (heir !== undefined) this.#holdsOffUntil = clock.now() + Math.min(leaseMs / 3, MAX_HOLD_OFF_MS);
    const reason = heir !== undefined ? 'handed_over' : this.#isStopping ? 'shutdown' : 'lease_lost';
    report({ kind: 'term_ended', jobStore, epoch, reason });
    await this.#end(epoch, lock, reason, heir);
    this.#heir = undefined;
    onChange();
  }

  async #tick(term: Term, wasWoken: boolean): Promise<number> {
    try {
      const sleepMs = await this.#parts.leader.tick(term.epoch, wasWoken);
      this.#failures = 0;
      this.#stepping.ended();
      return sleepMs;
    } catch (error) {
      if (error instanceof TermOver) {
        term.end();
        return 0;
      }
      this.#stepping.began(error);
      this.#parts.report({ kind: 'tick_failed', jobStore: this.#parts.jobStore, error });
      const doublings = Math.min(this.#failures, MOST_DOUBLINGS);
      this.#failures += 1;
      return RETRY_MS * 2 ** doublings;
    }
  }

  async #end(epoch: number, lock: Lock, reason: LeaderLostEvent['reason'], heir: string | undefined): Promise<void> {
    const { terms, jobStore, coordinatorId } = this.#parts;
    // A lock that was lost is not ours to release; one that cannot be released expires.
    await lock.release().catch(() => {});
    const lost = draft(jobStore, 'leader_lost', { coordinatorId, epoch, reason });
    await terms.endTerm({ epoch, lost, heir: heir ?? null }).catch(() => {});
  }

  #onWakeup(message: string): void {
    const isOurs = message === `heir ${this.#parts.coordinatorId}`;
    if (isOurs) this.#holdsOffUntil = 0;
    // What is for an heir wakes no other standby: they sleep on, until the lock would have expired.
    if (isOurs || message === 'leader' ? !this.#term : this.#term) this.#alarm.ring();
  }
}
