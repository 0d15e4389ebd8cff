/** Members by score, then by the bytes of their names, as Redis orders them. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #order: string[] = [];

  get size(): number {
    return this.#order.length;
  }

  /** By member, in no order. */
  get scores(): ReadonlyMap<string, number> {
    return this.#scores;
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Returns whether the member is new. */
  set(member: string, score: number): boolean {
    const isNew = !this.delete(member);
    this.#order.splice(this.#position(score, member), 0, member);
    this.#scores.set(member, score);
    return isNew;
  }

  /** Returns whether there was such a member. */
  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#order.splice(this.#position(score, member), 1);
    return this.#scores.delete(member);
  }

  /** The first members from a score and a member on, both exclusive. */
  after(score: number, member: string, limit: number): readonly string[] {
    const from = this.#position(score, member) + (this.#scores.get(member) === score ? 1 : 0);
    return this.#order.slice(from, from + limit);
  }

  /** The first members whose score is not above `score`. */
  upTo(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    for (const member of this.#order) {
      if (members.length === limit || (this.#scores.get(member) ?? 0) > score) break;
      members.push(member);
    }
    return members;
  }

  /** The last members whose score is not above `score`, the last of them first. */
  downFrom(score: number, limit: number): readonly string[] {
    const members: string[] = [];
    for (let at = this.#order.length - 1; at >= 0 && members.length < limit; at--) {
      const member = this.#order[at] ?? '';
      if ((this.#scores.get(member) ?? 0) <= score) members.push(member);
    }
    return members;
  }

  /** The score at a place, null beyond the last one. */
  scoreAt(index: number): number | null {
    const member = this.#order[index];
    return member === undefined ? null : (this.#scores.get(member) ?? null);
  }

  /** Where a member of this score is, or would be. */
  #position(score: number, member: string): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#order[middle] ?? '';
      const difference = (this.#scores.get(there) ?? 0) - score || byBytes(there, member);
      if (difference < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Where UTF-16 and UTF-8 may order two texts in different ways, from this unit on. */
const FIRST_SURROGATE = 0xd800;

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
