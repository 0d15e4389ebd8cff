import type { Clock, Slot } from '@carillon/core/internal';

/** Whose slot it is, and who has it meanwhile. */
export interface Lender {
  mayKeep(): boolean;
  another(): Slot | undefined;
  /** @param runs so many more, or less, wait to begin. */
  owe(runs: number): void;
  hasRoom(): boolean;
  lend(): void;
  tryTakeBack(): boolean;
  takeBack(): Promise<void>;
  release(isLent: boolean): void;
}

/** So long nothing is at work in a slot before it is lent. A job store that answers does so much sooner. */
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
  #cancel: () => void = () => {};

  constructor(lender: Lender, clock: Clock) {
    this.#lender = lender;
    this.#clock = clock;
    this.#wait();
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#cancel();
    this.#working += 1;
    try {
      if (this.#state === 'lent') await this.#takeBack();
      return await work();
    } finally {
      this.#working -= 1;
      if (this.#working === 0) this.#wait();
    }
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

  owe(runs: number): void {
    if (runs === this.#owed) return;
    const more = runs - this.#owed;
    this.#owed = runs;
    this.#lender.owe(more);
  }

  hasRoom(): boolean {
    return this.#lender.hasRoom();
  }

  release(): void {
    this.#cancel();
    this.owe(0);
    const before = this.#state;
    this.#state = 'released';
    // What comes back is released then.
    if (before !== 'released' && !this.#back) this.#lender.release(before === 'lent');
  }

  #wait(): void {
    this.#cancel();
    if (this.#state !== 'held') return;
    this.#cancel = this.#clock.after(PATIENCE_MS, () => {
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
