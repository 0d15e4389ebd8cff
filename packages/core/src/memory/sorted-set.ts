import { PassingMap } from '../passing-map.js';

interface Entry {
  readonly member: string;
  readonly score: number;
  /** Its UTF-16 orders it among all others as its UTF-8 does. */
  readonly isPlain: boolean;
}

/** Members by score, then by the bytes of their names, as Redis orders them. */
export class SortedSet {
  readonly #entries = new PassingMap<string, Entry>();
  readonly #order: Entry[] = [];

  get size(): number {
    return this.#order.length;
  }

  /** By member, in no order. */
  get scores(): ReadonlyMap<string, number> {
    return new Map(this.#order.map(({ member, score }) => [member, score]));
  }

  score(member: string): number | undefined {
    return this.#entries.get(member)?.score;
  }

  /** Returns whether the member is new. */
  set(member: string, score: number): boolean {
    const before = this.#entries.get(member);
    if (before?.score === score) return false;
    if (before) this.#order.splice(this.#position(before), 1);
    const entry = { member, score, isPlain: before?.isPlain ?? isPlain(member) };
    const last = this.#order.at(-1);
    if (!last || compare(last, entry) < 0) this.#order.push(entry);
    else this.#order.splice(this.#position(entry), 0, entry);
    this.#entries.set(member, entry);
    return !before;
  }

  /** Returns whether there was such a member. */
  delete(member: string): boolean {
    const entry = this.#entries.get(member);
    if (!entry) return false;
    this.#order.splice(this.#position(entry), 1);
    return this.#entries.delete(member);
  }

  /** The first members from a score and a member on, both exclusive. */
  after(score: number, member: string, limit: number): readonly string[] {
    const from = this.#position({ member, score, isPlain: isPlain(member) });
    const isThere = this.#entries.get(member)?.score === score;
    return this.#order.slice(from + Number(isThere), from + Number(isThere) + limit).map(memberOf);
  }

  /** The first members whose score is not above `score`. */
  upTo(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    for (const entry of this.#order) {
      if (members.length === limit || entry.score > score) break;
      members.push(entry.member);
    }
    return members;
  }

  /** The last members whose score is not above `score`, the last of them first. */
  downFrom(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    for (let at = this.#order.length - 1; at >= 0 && members.length < limit; at--) {
      const entry = this.#order[at];
      if (entry && entry.score <= score) members.push(entry.member);
    }
    return members;
  }

  /** The score at a place, null beyond the last one. */
  scoreAt(index: number): number | null {
    return this.#order[index]?.score ?? null;
  }

  /** Where an entry is, or would be. */
  #position(entry: Entry): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#order[middle] as Entry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function memberOf({ member }: Entry): string {
  return member;
}

function compare(one: Entry, other: Entry): number {
  if (one.score !== other.score) return one.score - other.score;
  if (one.member === other.member) return 0;
  if (one.isPlain || other.isPlain) return one.member < other.member ? -1 : 1;
  return byBytes(one.member, other.member);
}

/** From this unit on, UTF-16 and UTF-8 may order two texts in different ways: where they first differ, both have such a unit. */
const FIRST_SURROGATE = 0xd800;
const NOT_PLAIN = /[\ud800-\uffff]/;

function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

/** The order of their bytes in UTF-8. */
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
