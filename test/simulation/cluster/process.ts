import type { Clock } from '@carillon/core/internal';
import type { Asked } from '../operations/intent.js';

export type Role = 'coordinator' | 'worker' | 'producer';

/**
 * One process of the cluster. It has a clock of its own, which may jump, and it can be killed. It can be stopped for a while, as by
 * SIGSTOP: neither timers nor answers nor messages reach it until it goes on.
 */
export class Process {
  readonly name: string;
  readonly role: Role;
  readonly clock: Clock;
  /** How long the leases that it holds last, ms. */
  readonly leaseMs: number;
  /** The operation that a producer waits for. */
  asked: Asked | null = null;
  /** Until when it does not reach the store, by the true clock. */
  cutOffUntil = 0;
  /** Until when something was wrong with it, by the true clock. */
  struckUntil = Number.NEGATIVE_INFINITY;
  readonly #trueClock: Clock;
  #offsetMs = 0;
  #jumpedMs = 0;
  #isDead = false;
  /** The callbacks to call when it wakes up; null if it is awake. */
  #asleep: (() => void)[] | null = null;
  readonly #onDeath: (() => void)[] = [];

  constructor(name: string, role: Role, leaseMs: number, clock: Clock) {
    this.name = name;
    this.role = role;
    this.leaseMs = leaseMs;
    this.#trueClock = clock;
    this.clock = {
      now: () => clock.now() + this.#offsetMs,
      after: (ms, callback) => clock.after(ms, () => this.go(callback)),
    };
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isAsleep(): boolean {
    return this.#asleep !== null;
  }

  /** Calls back now; when it wakes up, if it is stopped; never, if it is dead. */
  go(callback: () => void): void {
    if (this.#isDead) return;
    if (this.#asleep) this.#asleep.push(callback);
    else callback();
  }

  /** Resolves at once while it is awake, and never once it is dead. */
  async awake(): Promise<void> {
    while (this.#isDead || this.#asleep) await new Promise<void>((resolve) => this.go(resolve));
  }

  /** Notes that something is wrong with it until then. */
  struck(until: number): void {
    this.struckUntil = Math.max(this.struckUntil, until);
  }

  sleep(): void {
    this.#asleep ??= [];
  }

  /** Calls the held callbacks one after the other, as timers: each has ended before the next one. */
  wake(): void {
    const held = this.#asleep ?? [];
    this.#asleep = null;
    for (const callback of held) this.#trueClock.after(0, () => this.go(callback));
  }

  jump(ms: number): void {
    this.#offsetMs += ms;
    this.#jumpedMs += Math.max(0, ms);
  }

  /** How far its clock has jumped ahead so far, all jumps added up, ms. */
  get jumpedMs(): number {
    return this.#jumpedMs;
  }

  kill(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#asleep = null;
    for (const callback of this.#onDeath) callback();
  }

  onDeath(callback: () => void): void {
    this.#onDeath.push(callback);
  }
}
