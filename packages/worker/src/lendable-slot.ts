import type { Clock, Slot } from '@carillon/core/internal';
import type { MaybePromise } from './maybe-promise.js';

/** Whose slot it is, and who has it meanwhile. */
export interface Lender {
  mayKeep(): boolean;
  another(): Slot | undefined;
  /** @param runs how many more, or fewer, wait to begin. */
  setUnbegun(runs: number): void;
  hasRoom(): boolean;
  lend(): void;
  tryTakeBack(): boolean;
  takeBack(): Promise<void>;
  release(isLent: boolean): void;
}

/** How long a slot is idle before it is lent. A job store that answers does it much sooner. */
export const PATIENCE_MS = 1_000;

/** A slot, taken. While nothing is at work in it, as its job store does not answer, others may have it. */
export class LendableSlot implements Slot {
  readonly #lender: Lender;
  readonly #clock: Clock;
  #state: 'held' | 'lent' | 'released' = 'held';
  #working = 0;
  /** Runs of its delivery that wait to begin. */
  #owed = 0;
  #back: Promise<void> | undefined;
  #idleSince = 0;
  /** A timer looks how long nothing has been at work in it. */
  #isWatched = false;
  #cancel: () => void = () => {};

  constructor(lender: Lender, clock: Clock) {
    this.#lender = lender;
    this.#clock = clock;
    this.#wait();
  }

  use<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    this.#working += 1;
    if (this.#state === 'lent')
      return this.#takeBack()
        .then(work)
        .finally(() => this.#worked());
    let answer: MaybePromise<T>;
    try {
      answer = work();
    } catch (error) {
      this.#worked();
      throw error;
    }
    if (answer instanceof Promise) return answer.finally(() => this.#worked());
    this.#worked();
    return answer;
  }

  #worked(): void {
    this.#working -= 1;
    if (this.#working === 0) this.#wait();
  }

  tryHold(): boolean {
    if (this.#state === 'lent' && !this.#back && this.#lender.tryTakeBack()) {
      this.#state = 'held';
      this.#wait();
    }
    return this.#state === 'held';
  }

  mayKeep(): boolean {
    return this.#state === 'held' && this.#lender.mayKeep();
  }

  another(): Slot | undefined {
    return this.#lender.another();
  }

  setUnbegun(runs: number): void {
    if (runs === this.#owed) return;
    const more = runs - this.#owed;
    this.#owed = runs;
    this.#lender.setUnbegun(more);
  }

  hasRoom(): boolean {
    return this.#lender.hasRoom();
  }

  release(): void {
    this.#cancel();
    this.setUnbegun(0);
    const before = this.#state;
    this.#state = 'released';
    // What comes back is released then.
    if (before !== 'released' && !this.#back) this.#lender.release(before === 'lent');
  }

  /** Nothing is at work in it from now on. One timer is set for all that is done in it within its time. */
  #wait(): void {
    if (this.#state !== 'held') return;
    this.#idleSince = this.#clock.now();
    if (!this.#isWatched) this.#watch(PATIENCE_MS);
  }

  #watch(ms: number): void {
    this.#isWatched = true;
    this.#cancel = this.#clock.after(ms, () => {
      this.#isWatched = false;
      if (this.#state !== 'held' || this.#working > 0) return;
      const leftMs = this.#idleSince + PATIENCE_MS - this.#clock.now();
      if (leftMs > 0) return this.#watch(leftMs);
      this.#state = 'lent';
      this.#lender.lend();
    });
  }

  #takeBack(): Promise<void> {
    this.#back ??= this.#lender.takeBack().then(() => {
      this.#back = undefined;
      if (this.#state === 'released') this.#lender.release(false);
      else this.#state = 'held';
    });
    return this.#back;
  }
}
