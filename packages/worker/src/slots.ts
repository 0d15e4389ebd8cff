import type { SlotShare } from '@carillon/core/internal';

interface Member {
  held: number;
  hasLeft: boolean;
}

interface Wait {
  readonly member: Member;
  readonly end: (got: boolean) => void;
}

/**
 * How much one executor does at once in a worker, over all of its job stores. No slot is free while somebody waits for one; one
 * that becomes free goes to who has fewest, among equals to whose last turn, or whose coming, is longest ago.
 */
export class SlotPool {
  #free: number;
  #waiting: Wait[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** For one consumer. */
  join(): SlotShare {
    const member: Member = { held: 0, hasLeft: false };
    return {
      tryTake: () => this.#tryTake(member),
      take: () => this.#take(member),
      mayKeep: () => this.#mayKeep(member),
      release: () => this.#release(member),
      leave: () => this.#leave(member),
    };
  }

  #tryTake(member: Member): boolean {
    if (member.hasLeft || this.#free === 0) return false;
    this.#free -= 1;
    member.held += 1;
    return true;
  }

  async #take(member: Member): Promise<boolean> {
    if (member.hasLeft) return false;
    return this.#tryTake(member) || new Promise((end) => this.#waiting.push({ member, end }));
  }

  #mayKeep({ held }: Member): boolean {
    const next = this.#first();
    return !next || next.member.held >= held;
  }

  #release(member: Member): void {
    member.held -= 1;
    this.#free += 1;
    // Who has just had its turn is behind the others.
    this.#waiting = [...this.#waiting.filter((wait) => wait.member !== member), ...this.#waitsOf(member)];
    const next = this.#first();
    if (next) this.#end(next, this.#tryTake(next.member));
  }

  #leave(member: Member): void {
    member.hasLeft = true;
    for (const wait of this.#waitsOf(member)) this.#end(wait, false);
  }

  #first(): Wait | undefined {
    let first: Wait | undefined;
    for (const wait of this.#waiting) if (!first || wait.member.held < first.member.held) first = wait;
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
