import type { Clock, Slot, SlotShare } from '@carillon/core/internal';
import { LendableSlot } from './lendable-slot.js';

interface Member {
  held: number;
  lent: number;
  /** How many runs of the deliveries that it took wait to begin. */
  owed: number;
  hasLeft: boolean;
}

/** The most waiting runs with which a member takes further deliveries; beyond that, they are left to other workers. */
const MOST_OWED = 100;

interface Wait {
  readonly member: Member;
  /** Whether the slot was lent, so that it counts already. */
  readonly isBack: boolean;
  readonly end: (got: boolean) => void;
}

/**
 * The slots of one executor in a worker, which its job stores share; each is a member. No slot is free while a member waits for one. A
 * slot that becomes free goes to the waiting member with the fewest slots; among equals, to the one that got a slot, or joined, longest
 * ago. A slot that a member has lent counts as its own: no member holds more than all slots.
 */
export class SlotPool {
  readonly #size: number;
  readonly #clock: Clock;
  #free: number;
  #waiting: Wait[] = [];

  constructor(size: number, clock: Clock) {
    this.#size = size;
    this.#clock = clock;
    this.#free = size;
  }

  /** How many slots are taken, and how many are free. */
  get use(): { readonly taken: number; readonly free: number } {
    return { taken: this.#size - this.#free, free: this.#free };
  }

  /** For one consumer. */
  join(): SlotShare {
    const member: Member = { held: 0, lent: 0, owed: 0, hasLeft: false };
    return {
      tryTake: () => (this.#tryTake(member) ? this.#slot(member) : undefined),
      take: async () => ((await this.#take(member)) ? this.#slot(member) : undefined),
      leave: () => this.#leave(member),
    };
  }

  #slot(member: Member): Slot {
    const lender = {
      mayKeep: () => this.#mayKeep(member),
      another: () => (this.#free > 0 && this.#mayHave(member) ? this.#slot(this.#taken(member)) : undefined),
      setUnbegun: (runs: number) => this.#setUnbegun(member, runs),
      hasRoom: () => hasRoom(member),
      lend: () => this.#lend(member),
      tryTakeBack: () => this.#tryTakeBack(member),
      takeBack: () => this.#takeBack(member),
      release: (isLent: boolean) => this.#release(member, isLent),
    };
    return new LendableSlot(lender, this.#clock);
  }

  #tryTake(member: Member): boolean {
    if (this.#free === 0 || !this.#mayTake(member)) return false;
    this.#taken(member);
    return true;
  }

  #taken(member: Member): Member {
    this.#free -= 1;
    member.held += 1;
    return member;
  }

  #setUnbegun(member: Member, runs: number): void {
    const hadRoom = hasRoom(member);
    member.owed += runs;
    if (!hadRoom && hasRoom(member)) this.#give();
  }

  async #take(member: Member): Promise<boolean> {
    if (member.hasLeft) return false;
    return this.#tryTake(member) || this.#wait(member, false);
  }

  #tryTakeBack(member: Member): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    member.lent -= 1;
    member.held += 1;
    return true;
  }

  async #takeBack(member: Member): Promise<void> {
    if (!this.#tryTakeBack(member)) await this.#wait(member, true);
  }

  #wait(member: Member, isBack: boolean): Promise<boolean> {
    return new Promise((end) => this.#waiting.push({ member, isBack, end }));
  }

  /** Whether it may take a slot for one more delivery. */
  #mayTake(member: Member): boolean {
    return hasRoom(member) && this.#mayHave(member);
  }

  #mayHave({ held, lent, hasLeft }: Member): boolean {
    return !hasLeft && held + lent < this.#size;
  }

  #mayKeep({ held }: Member): boolean {
    const next = this.#first();
    return !next || next.member.held >= held;
  }

  #lend(member: Member): void {
    member.lent += 1;
    this.#freeOne(member);
  }

  #release(member: Member, isLent: boolean): void {
    if (isLent) {
      member.lent -= 1;
      this.#give();
    } else this.#freeOne(member);
  }

  #freeOne(member: Member): void {
    member.held -= 1;
    this.#free += 1;
    // The member that has just had its turn is behind the others.
    this.#waiting = [...this.#waiting.filter((wait) => wait.member !== member), ...this.#waitsOf(member)];
    this.#give();
  }

  #give(): void {
    for (let next = this.#first(); next && this.#free > 0; next = this.#first()) {
      const { member, isBack } = next;
      this.#end(next, isBack ? this.#tryTakeBack(member) : this.#tryTake(member));
    }
  }

  #leave(member: Member): void {
    member.hasLeft = true;
    for (const wait of this.#waitsOf(member)) if (!wait.isBack) this.#end(wait, false);
  }

  #first(): Wait | undefined {
    let first: Wait | undefined;
    for (const wait of this.#waiting) {
      if (!wait.isBack && !this.#mayTake(wait.member)) continue;
      if (!first || wait.member.held < first.member.held) first = wait;
    }
    return first;
  }

  #waitsOf(member: Member): readonly Wait[] {
    return this.#waiting.filter((wait) => wait.member === member);
  }

  #end(wait: Wait, got: boolean): void {
    this.#waiting.splice(this.#waiting.indexOf(wait), 1);
    wait.end(got);
  }
}

function hasRoom({ owed }: Member): boolean {
  return owed < MOST_OWED;
}
