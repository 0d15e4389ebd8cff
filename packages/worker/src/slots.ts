import type { SlotShare } from '@carillon/core/internal';

interface Member {
  held: number;
  hasLeft: boolean;
  grant: ((got: boolean) => void) | undefined;
}

/**
 * How much one executor does at once in a worker, over all of its job stores. No slot is free while somebody waits for one; one
 * that becomes free goes to who has fewest, among equals to whose last turn, or whose coming, is longest ago.
 */
export class SlotPool {
  #free: number;
  /** Those that wait, in the order in which they came, or were done with a slot. */
  readonly #waiting = new Set<Member>();

  constructor(size: number) {
    this.#free = size;
  }

  /** For one consumer. */
  join(): SlotShare {
    const member: Member = { held: 0, hasLeft: false, grant: undefined };
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
    if (this.#tryTake(member)) return true;
    return new Promise((resolve) => {
      member.grant = resolve;
      this.#waiting.add(member);
    });
  }

  #mayKeep({ held }: Member): boolean {
    const next = this.#first();
    return !next || next.held >= held;
  }

  #release(member: Member): void {
    member.held -= 1;
    this.#free += 1;
    // Who has just had its turn is behind the others.
    if (this.#waiting.delete(member)) this.#waiting.add(member);
    const next = this.#first();
    if (next) this.#answer(next, this.#tryTake(next));
  }

  #leave(member: Member): void {
    member.hasLeft = true;
    if (this.#waiting.has(member)) this.#answer(member, false);
  }

  #first(): Member | undefined {
    let first: Member | undefined;
    for (const member of this.#waiting) if (!first || member.held < first.held) first = member;
    return first;
  }

  #answer(member: Member, got: boolean): void {
    this.#waiting.delete(member);
    member.grant?.(got);
  }
}
