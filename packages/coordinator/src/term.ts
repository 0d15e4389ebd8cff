import type { Clock, Lock } from '@carillon/core/internal';

/** The term has ended: the store refused a write of it, or its lock could not be extended in time. */
export class TermOver extends Error {
  override readonly name = 'TermOver';
}

/**
 * One leadership. Extends its lock three times a lease, and is over, by its own timer, when the lock would end. That its
 * writes are refused from then on is the epoch's doing, not the timer's.
 */
export class Term {
  readonly epoch: number;
  readonly #lock: Lock;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #onOver: () => void;
  #cancelDeadline: () => void = () => {};
  #cancelExtension: () => void = () => {};
  #isOver = false;

  constructor(epoch: number, lock: Lock, leaseMs: number, clock: Clock, onOver: () => void) {
    this.epoch = epoch;
    this.#lock = lock;
    this.#leaseMs = leaseMs;
    this.#clock = clock;
    this.#onOver = onOver;
    this.#arm();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** No more extensions; ends the waits for the end. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelDeadline();
    this.#cancelExtension();
    this.#onOver();
  }

  #arm(): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#clock.after(this.#lock.expiresAt - this.#clock.now(), () => this.end());
    this.#cancelExtension = this.#clock.after(this.#leaseMs / 3, () => void this.#extend());
  }

  async #extend(): Promise<void> {
    try {
      await this.#lock.extend();
      if (!this.#isOver) this.#arm();
    } catch {
      // Perhaps Redis is back before the lease ends.
      if (!this.#isOver) this.#cancelExtension = this.#clock.after(this.#leaseMs / 10, () => void this.#extend());
    }
  }
}
