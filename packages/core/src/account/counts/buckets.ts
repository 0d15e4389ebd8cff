import type { FireOutcome } from '../recorded.js';

/** The kind of a counted fire time: its outcome, `waiting` if it is due and has none yet, or `will_fire` if it is in the future. */
export type CountedCode = FireOutcome | 'waiting' | 'will_fire';

/** Fire times of one kind in one bucket. */
export interface FireCount {
  readonly code: CountedCode;
  readonly count: number;
  /** The first and the last of these fire times. */
  readonly first: Date;
  readonly last: Date;
  /** The most time from a fire time to its settlement, ms; null if not recorded, or not settled. */
  readonly settledWithinMs: number | null;
}

/** A job's fire times in one period of time. */
export interface FireBucket {
  /** When the bucket begins. */
  readonly at: Date;
  /** One count for each kind that occurs. */
  readonly counts: readonly FireCount[];
  /**
   * Whether the counts are estimates: the trigger is an `and` or an `or` that fires too often here to count its fire times one by one.
   */
  readonly estimated: boolean;
}

/** Equal buckets, of which the last one may be shorter; whole ms. */
export interface BucketGrid {
  readonly from: number;
  /** The end of the last bucket, exclusive. */
  readonly to: number;
  readonly bucketMs: number;
}

/** Some fire times of one kind that lie in one bucket; ms. */
export interface Counted {
  readonly code: CountedCode;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly settledWithinMs?: number | null;
  readonly isEstimated?: boolean;
}

interface Filled {
  readonly counts: Map<CountedCode, FireCount>;
  estimated: boolean;
}

/** Fills buckets. Its memory is bounded by the number of buckets. */
export class Buckets {
  readonly grid: BucketGrid;
  readonly #filled = new Map<number, Filled>();

  constructor(grid: BucketGrid) {
    this.grid = grid;
  }

  get size(): number {
    return Math.ceil((this.grid.to - this.grid.from) / this.grid.bucketMs);
  }

  /** The buckets that are not empty, in order. */
  filled(): readonly FireBucket[] {
    const places = [...this.#filled].sort(([one], [other]) => one - other);
    return places.map(([place, { counts, estimated }]) => ({
      ...{ at: new Date(this.#startOf(place)), counts: [...counts.values()], estimated },
    }));
  }

  /** The last instant of the bucket that holds an instant, ms. */
  endOf(at: number): number {
    return Math.min(this.#startOf(this.#placeOf(at) + 1), this.grid.to) - 1;
  }

  add({ code, count, first, last, settledWithinMs = null, isEstimated = false }: Counted): void {
    const place = this.#placeOf(first);
    const filled = this.#filled.get(place) ?? { counts: new Map(), estimated: false };
    this.#filled.set(place, filled);
    filled.estimated ||= isEstimated;
    const known = filled.counts.get(code);
    filled.counts.set(code, {
      code,
      count: (known?.count ?? 0) + count,
      first: known && known.first.getTime() <= first ? known.first : new Date(first),
      last: known && known.last.getTime() >= last ? known.last : new Date(last),
      settledWithinMs: longer(known?.settledWithinMs ?? null, settledWithinMs),
    });
  }

  /** Adds fire times at equal distances. It takes as many operations as there are buckets. A distance of 0 means one fire time. */
  addBeat(
    code: CountedCode,
    beat: { first: number; step: number; last: number },
    settledWithinMs: number | null,
  ): void {
    const { first, last } = beat;
    const step = beat.step || 1;
    const before = Math.max(0, Math.ceil((this.grid.from - first) / step));
    const until = Math.min(last, this.grid.to - 1);
    for (let at = first + before * step; at <= until; ) {
      const count = Math.floor((Math.min(this.endOf(at), until) - at) / step) + 1;
      this.add({ code, count, first: at, last: at + (count - 1) * step, settledWithinMs });
      at += count * step;
    }
  }

  #placeOf(at: number): number {
    return Math.floor((at - this.grid.from) / this.grid.bucketMs);
  }

  #startOf(place: number): number {
    return this.grid.from + place * this.grid.bucketMs;
  }
}

function longer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
