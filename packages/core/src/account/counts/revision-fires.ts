import { type CountFires, countFiresOf } from '../../trigger/count-fires.js';
import { fireTimeAfter, fireTimeBefore, type Revision } from '../revision.js';
import type { Buckets, CountedCode } from './buckets.js';

/**
 * The most fire times that are counted one by one, for triggers that cannot be counted by days, divided among all buckets. Further fire times are
 * estimated.
 */
const MOST_LOOKED_AT = 5_000;
const LEAST_OF_A_BUCKET = 20;

/** The fire times of one revision, counted by buckets. */
export class RevisionFires {
  readonly #revision: Revision;
  readonly #buckets: Buckets;
  readonly #countNamed: CountFires | null;

  constructor(jobId: string, revision: Revision, buckets: Buckets) {
    const { trigger, timezone, anchor, lastFireTime } = revision.definition;
    const until = Math.min(revision.until, lastFireTime ?? Number.POSITIVE_INFINITY);
    this.#revision = { ...revision, until };
    this.#buckets = buckets;
    this.#countNamed = countFiresOf(trigger, { jobId, timezone, now: new Date(anchor) });
  }

  /** Counts the fire times from one instant to another, both inclusive, within the buckets; ms. */
  add(code: CountedCode, from: number, to: number): void {
    const end = Math.min(to, this.#revision.until, this.#buckets.grid.to - 1);
    const begin = Math.max(from, this.#buckets.grid.from);
    for (let first = fireTimeAfter(this.#revision, begin - 1); first !== null && first <= end; ) {
      const last = Math.min(this.#buckets.endOf(first), end);
      this.#buckets.add({ code, first, ...this.#within(first, last) });
      first = fireTimeAfter(this.#revision, last);
    }
  }

  /** Counts from a fire time to the end of its bucket. @param first the fire time */
  #within(first: number, end: number): { count: number; last: number; isEstimated: boolean } {
    if (!this.#countNamed) return this.#lookedAt(first, end);
    // The first fire time counts even if the trigger does not name it.
    const count = 1 + this.#countNamed(first + 1, end + 1);
    return {
      count,
      last: count === 1 ? first : (fireTimeBefore(this.#revision, end + 1) ?? first),
      isEstimated: false,
    };
  }

  #lookedAt(first: number, end: number): { count: number; last: number; isEstimated: boolean } {
    const most = Math.max(LEAST_OF_A_BUCKET, Math.floor(MOST_LOOKED_AT / this.#buckets.size));
    let count = 1;
    let last = first;
    let next = fireTimeAfter(this.#revision, first);
    for (; next !== null && next <= end && count < most; next = fireTimeAfter(this.#revision, next)) {
      count += 1;
      last = next;
    }
    if (next === null || next > end) return { count, last, isEstimated: false };
    // The rest counts as many fire times as fit into it at the same distances as those before.
    const estimated = Math.round(((count - 1) * (end + 1 - first)) / (last - first));
    return { count: estimated, last: fireTimeBefore(this.#revision, end + 1) ?? last, isEstimated: true };
  }
}
