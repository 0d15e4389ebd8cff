import type { Chance } from '../ports/chance.js';
import { upkeepOf } from '../ports/clock.js';
import type { Election, Lock } from '../ports/election.js';
import type { Line } from './line.js';
import type { StoreState } from './store/state.js';

/** How much sooner than the store the holder of a lock treats it as expired. */
const MARGIN_MS = 1;

/** Contends for the lock of one job store. */
export class MemoryElection implements Election {
  readonly #line: Line;
  readonly #state: StoreState;
  readonly #leaseMs: number;
  readonly #chance: Chance;

  constructor(line: Line, state: StoreState, leaseMs: number, chance: Chance) {
    this.#line = line;
    this.#state = state;
    this.#leaseMs = leaseMs;
    this.#chance = chance;
  }

  async acquire(): Promise<Lock | null> {
    const askedAt = upkeepOf(this.#line.clock).now();
    const value = this.#chance.id();
    const isOurs = await this.#line.ask('acquire', () => {
      if (remainingMs(this.#state) > 0) return false;
      this.#state.lock = { value, expiresAt: this.#state.upkeepNow() + this.#leaseMs };
      return true;
    });
    return isOurs ? new HeldLock(this.#line, this.#state, this.#leaseMs, value, askedAt) : null;
  }

  remainingMs(): Promise<number> {
    return this.#line.ask('remainingMs', () => remainingMs(this.#state));
  }
}

class HeldLock implements Lock {
  readonly value: string;
  readonly #line: Line;
  readonly #state: StoreState;
  readonly #leaseMs: number;
  #expiresAt: number;

  constructor(line: Line, state: StoreState, leaseMs: number, value: string, askedAt: number) {
    this.#line = line;
    this.#state = state;
    this.#leaseMs = leaseMs;
    this.value = value;
    this.#expiresAt = askedAt + leaseMs - MARGIN_MS;
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  async extend(): Promise<void> {
    const askedAt = upkeepOf(this.#line.clock).now();
    await this.#line.ask('extend', () =>
      this.#hold({ value: this.value, expiresAt: this.#state.upkeepNow() + this.#leaseMs }),
    );
    this.#expiresAt = askedAt + this.#leaseMs - MARGIN_MS;
  }

  async release(): Promise<void> {
    await this.#line.ask('release', () => this.#hold(null));
  }

  #hold(next: StoreState['lock']): void {
    if (!holds(this.#state, this.value)) throw new Error('the lock is not held any more');
    this.#state.lock = next;
  }
}

/** Whether the lock of a job store is held with this value. */
export function holds(state: StoreState, value: string): boolean {
  return state.lock?.value === value && remainingMs(state) > 0;
}

function remainingMs(state: StoreState): number {
  return state.lock ? Math.max(0, state.lock.expiresAt - state.upkeepNow()) : 0;
}
