import type { Clock } from '../ports/clock.js';

/**
 * How long repairs take at most: this many ms, plus this many leases of a worker. The ms are longer than a worker may be silent before it counts as
 * lost.
 */
const REPAIR_MS = 45_000;
const REPAIR_LEASES = 3;
/** How long coordinators take at most to share the leaderships, in leases of a coordinator. */
const SHARE_LEASES = 12;
/** Calls after which coordinators may have to share the leaderships again, or may take over those of a dead coordinator. */
const CHANGES: ReadonlySet<string> = new Set([
  'register',
  'consume',
  'join',
  'leave',
  'withdraw',
  'beginTerm',
  'endTerm',
]);

/**
 * Says when the members of a memory cluster need upkeep: they renew leases, and look for what was missed. While all members live and no test
 * interferes with their calls, no lease can end and no message is lost. So upkeep matters only for a while after a fault, or while coordinators
 * share the leaderships.
 */
export class Upkeep {
  readonly #clock: Clock;
  readonly #hasSeveralCoordinators: () => boolean;
  /** The longest leases of each role, ms. */
  #leaseMs = { coordinator: 0, worker: 0 };
  /** The number of users with whose calls a test interferes. */
  #watched = 0;
  #wasDisturbed = false;
  #repairedAt = Number.NEGATIVE_INFINITY;
  #sharedAt = Number.NEGATIVE_INFINITY;

  /** @param clock the clock of the upkeep */
  constructor(clock: Clock, hasSeveralCoordinators: () => boolean) {
    this.#clock = clock;
    this.#hasSeveralCoordinators = hasSeveralCoordinators;
  }

  isNeeded(): boolean {
    const now = this.#clock.now();
    return this.#watched > 0 || now < this.#repairedAt || (now < this.#sharedAt && this.#hasSeveralCoordinators());
  }

  /** Notes that a member has leases of this length. */
  leases(role: 'coordinator' | 'worker', ms: number): void {
    this.#leaseMs = { ...this.#leaseMs, [role]: Math.max(this.#leaseMs[role], ms) };
  }

  /** Notes that a test interferes with the calls of a user from now on: anything may be lost. The returned function ends that. */
  watch(): () => void {
    this.#watched += 1;
    return () => {
      this.#watched -= 1;
    };
  }

  called(call: string): void {
    if (!CHANGES.has(call)) return;
    this.#sharedAt = this.#clock.now() + this.#shareMs;
    if (this.#wasDisturbed) this.disturb();
  }

  get #shareMs(): number {
    return SHARE_LEASES * this.#leaseMs.coordinator;
  }

  /** Notes a fault: a member is gone, a record is damaged, or the time has jumped. Leases will show what was lost. */
  disturb(): void {
    this.#wasDisturbed = true;
    this.#repairedAt = this.#clock.now() + this.#shareMs + REPAIR_MS + REPAIR_LEASES * this.#leaseMs.worker;
  }
}
