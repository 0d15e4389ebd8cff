import { PassingMap } from '../passing-map.js';

interface Entry {
  readonly member: string;
  readonly score: number;
  /** Whether its order among all others is the same in UTF-16 as in UTF-8. */
  readonly isPlain: boolean;
  /** Whether it is in the order. */
  isPlaced: boolean;
  isGone: boolean;
}

/** Up to this number of entries, inserting them one by one takes less time than sorting all. */
const FEW = 32;

/**
 * Members by score, then by the bytes of their names, as Redis orders them. A change is put in its place at the next look at the order. A member
 * that is added and removed between two looks, such as a run of one instant, only costs its entry.
 */
export class SortedSet {
  readonly #entries = new PassingMap<string, Entry>();
  /** The order at the last look. */
  #order: Entry[] = [];
  /** The entries that were added, and those that were removed, since the last look. */
  #added: Entry[] = [];
  #removed: Entry[] = [];

  get size(): number {
    return this.#entries.size;
  }

  /** How many changes wait for the next look at the order. */
  get waiting(): number {
    return this.#added.length + this.#removed.length;
  }

  /** The scores by member, in no order. */
  get scores(): ReadonlyMap<string, number> {
    return new Map([...this.#entries.values()].map(({ member, score }) => [member, score]));
  }

  score(member: string): number | undefined {
    return this.#entries.get(member)?.score;
  }

  /** Adds a member, or changes its score. Returns whether the member is new. */
  set(member: string, score: number): boolean {
    const before = this.#entries.get(member);
    if (before?.score === score) return false;
    if (before) this.#remove(before);
    const entry = { member, score, isPlain: before?.isPlain ?? isPlain(member), isPlaced: false, isGone: false };
    this.#entries.set(member, entry);
    this.#added.push(entry);
    this.#limitWaiting();
    return !before;
  }

  /** Removes a member. Returns whether it was there. */
  delete(member: string): boolean {
    const entry = this.#entries.get(member);
    if (!entry) return false;
    this.#entries.delete(member);
    this.#remove(entry);
    if (this.#entries.size === 0) this.#clear();
    else this.#limitWaiting();
    return true;
  }

  /** The first members after a score and a member, both exclusive. */
  after(score: number, member: string, limit: number): readonly string[] {
    const order = this.#inOrder();
    const from = positionIn(order, { member, score, isPlain: isPlain(member) });
    const isThere = this.#entries.get(member)?.score === score;
    return order.slice(from + Number(isThere), from + Number(isThere) + limit).map(memberOf);
  }

  /** The first members whose score is not above `score`. */
  upTo(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    for (const entry of this.#inOrder()) {
      if (members.length === limit || entry.score > score) break;
      members.push(entry.member);
    }
    return members;
  }

  /** The last members whose score is not above `score`, in descending order. */
  downFrom(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    const order = this.#inOrder();
    for (let at = order.length - 1; at >= 0 && members.length < limit; at--) {
      const entry = order[at];
      if (entry && entry.score <= score) members.push(entry.member);
    }
    return members;
  }

  /** The score at a place in the order; null beyond the last one. */
  scoreAt(index: number): number | null {
    return this.#inOrder()[index]?.score ?? null;
  }

  #inOrder(): readonly Entry[] {
    if (this.#removed.length > 0) this.#takeOut(this.#removed.splice(0));
    if (this.#added.length > 0) this.#putIn(this.#added.splice(0).filter(isThere));
    return this.#order;
  }

  #takeOut(removed: readonly Entry[]): void {
    const order = this.#order;
    if (removed.length > FEW) {
      this.#order = order.filter(isThere);
      return;
    }
    for (const entry of removed) order.splice(positionIn(order, entry), 1);
  }

  #putIn(added: readonly Entry[]): void {
    const order = this.#order;
    for (const entry of added) entry.isPlaced = true;
    if (added.length > FEW) {
      for (const entry of added) order.push(entry);
      order.sort(compare);
      return;
    }
    for (const entry of added) {
      const last = order.at(-1);
      if (!last || compare(last, entry) < 0) order.push(entry);
      else order.splice(positionIn(order, entry), 0, entry);
    }
  }

  #remove(entry: Entry): void {
    entry.isGone = true;
    if (entry.isPlaced) this.#removed.push(entry);
  }

  /** Limits the waiting changes to about the number of entries, in case no caller looks at the order. */
  #limitWaiting(): void {
    const most = 2 * (FEW + this.#entries.size);
    if (this.#added.length > most) this.#added = this.#added.filter(isThere);
    if (this.#removed.length > most) this.#takeOut(this.#removed.splice(0));
  }

  #clear(): void {
    this.#order = [];
    this.#added = [];
    this.#removed = [];
  }
}

function isThere({ isGone }: Entry): boolean {
  return !isGone;
}

/** The part of an entry that decides its place. */
type Placed = Pick<Entry, 'member' | 'score' | 'isPlain'>;

/** The place at which an entry is or would be. */
function positionIn(order: readonly Placed[], entry: Placed): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(order[middle] as Placed, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function memberOf({ member }: Entry): string {
  return member;
}

function compare(one: Placed, other: Placed): number {
  if (one.score !== other.score) return one.score - other.score;
  if (one.member === other.member) return 0;
  if (one.isPlain || other.isPlain) return one.member < other.member ? -1 : 1;
  return byBytes(one.member, other.member);
}

/**
 * From this unit on, UTF-16 and UTF-8 may order two texts in different ways. They do so only if both texts have such a unit where they first
 * differ.
 */
const FIRST_SURROGATE = 0xd800;
const NOT_PLAIN = /[\ud800-\uffff]/;

function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

/** Compares two texts by their bytes in UTF-8. */
export function byBytes(one: string, other: string): number {
  if (one === other) return 0;
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at < length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  const [unit, otherUnit] = [one.charCodeAt(at), other.charCodeAt(at)];
  if (unit >= FIRST_SURROGATE && otherUnit >= FIRST_SURROGATE) {
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  }
  return one < other ? -1 : 1;
}
