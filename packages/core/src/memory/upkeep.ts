import type { Clock } from '../ports/clock.js';

/** How long repairs take at most: longer than a worker is silent before it is taken for lost, ms, and a number of a worker's leases. */
const REPAIR_MS = 45_000;
const REPAIR_LEASES = 3;
/** How long coordinators take at most to share what they lead, in their leases. */
const SHARE_LEASES = 12;
/** Calls after which coordinators may have to share again, or may take over what a dead one has left. */
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
 * Knows when the members of a memory cluster have to keep it up: to renew leases, and look for what was missed. While all members live and
 * their calls are not interfered with, no lease can end and no message is lost. So this matters only for a while after a fault, or while
 * coordinators share what they lead.
 */
export class Upkeep {
  readonly #clock: Clock;
  readonly #hasSeveralCoordinators: () => boolean;
  /** The longest of each. */
  #leaseMs = { coordinator: 0, worker: 0 };
  /** Users whose calls are interfered with. */
  #watched = 0;
  #wasDisturbed = false;
  #repairedAt = Number.NEGATIVE_INFINITY;
  #sharedAt = Number.NEGATIVE_INFINITY;

  /** @param clock of the upkeep */
  constructor(clock: Clock, hasSeveralCoordinators: () => boolean) {
    this.#clock = clock;
    this.#hasSeveralCoordinators = hasSeveralCoordinators;
  }

  isNeeded(): boolean {
    const now = this.#clock.now();
    return this.#watched > 0 || now < this.#repairedAt || (now < this.#sharedAt && this.#hasSeveralCoordinators());
  }

  /** There is a member whose leases are of this length. */
  leases(role: 'coordinator' | 'worker', ms: number): void {
    this.#leaseMs = { ...this.#leaseMs, [role]: Math.max(this.#leaseMs[role], ms) };
  }

  /** The calls of a user are interfered with from now on: anything may be lost. The returned function ends that. */
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

  /** A member is gone, a record is damaged, time has jumped: what was lost by that is found out by leases. */
  disturb(): void {
    this.#wasDisturbed = true;
    this.#repairedAt = this.#clock.now() + this.#shareMs + REPAIR_MS + REPAIR_LEASES * this.#leaseMs.worker;
  }
}
