import type { Clock } from '@carillon/core/internal';

/** The weight of the last run in the mean. */
const WEIGHT = 0.05;
/** Between two notices, ms. */
const NOTICE_MS = 200;
/** A run that takes longer is delivered alone, however much longer it takes. */
const LONG_MS = 10;
/** How often a turn is measured: reading the processor time costs as much as a run that does nothing. */
const SAMPLE_MS = 20;

/** A stretch of time in which the event loop is busy without a pause, and how many runs began and ended within it. */
interface Turn {
  readonly at: number;
  ended: number;
  endedAt: number;
}

/** A run that keeps a slot busy. */
export interface Begun {
  readonly at: number;
  readonly turn: Turn;
}

/**
 * The recent mean of how long runs of an executor keep a slot busy. Runs that wait for nothing share one turn of the event loop, and
 * each counts for its share: else each would count for the sum of all.
 */
export class Durations {
  readonly #clock: Clock;
  readonly #working = new Set<Begun>();
  readonly #onNews = new Set<() => void>();
  #turn: Turn | undefined;
  #measuredAt = Number.NEGATIVE_INFINITY;
  /** How many runs ended in later turns that were not measured. They count like those of the next measured turn. */
  #unmeasured = 0;
  #mean: number | null = null;
  #reported: number | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back when the mean differs from the last one that was reported, at most once in 200 ms. The returned function ends that. */
  onNews(callback: () => void): () => void {
    this.#onNews.add(callback);
    return () => void this.#onNews.delete(callback);
  }

  begin(): Begun {
    const at = this.#clock.now();
    this.#turn ??= this.#openTurn(at);
    const begun = { at, turn: this.#turn };
    this.#working.add(begun);
    return begun;
  }

  /** Returns when it ended, ms. */
  end(begun: Begun): number {
    const { at, turn } = begun;
    const now = this.#clock.now();
    this.#working.delete(begun);
    if (turn === this.#turn) {
      turn.ended += 1;
      turn.endedAt = now;
    } else this.#add(now - at, 1);
    return now;
  }

  /** The mean, ms; null if nothing ran yet. A run that is still executing counts once it takes longer than the mean. */
  get meanMs(): number | null {
    const now = this.#clock.now();
    let mean = this.#mean;
    for (const { at } of this.#working) {
      const ms = now - at;
      if (mean === null || ms > mean) mean = mixed(mean, ms, 1);
    }
    return mean;
  }

  #openTurn(at: number): Turn {
    const turn = { at, ended: 0, endedAt: at };
    const { now, busyMs } = this.#clock;
    const isMeasured = !busyMs || at - this.#measuredAt >= SAMPLE_MS;
    if (isMeasured) this.#measuredAt = at;
    const busy = busyMs ?? now;
    const before = isMeasured ? busy() : 0;
    setImmediate(() => {
      this.#turn = undefined;
      this.#unmeasured += turn.ended;
      if (!isMeasured || turn.ended === 0) return;
      // While other processes have the processor, time passes that is none of theirs.
      this.#add(Math.min(turn.endedAt - at, busy() - before) / turn.ended, this.#unmeasured);
      this.#unmeasured = 0;
    });
    return turn;
  }

  #add(ms: number, runs: number): void {
    this.#mean = mixed(this.#mean, Math.max(0, ms), runs);
    const now = this.#clock.now();
    if (!isNews(this.#reported, this.#mean) || now - this.#reportedAt < NOTICE_MS) return;
    this.#reported = this.#mean;
    this.#reportedAt = now;
    for (const callback of this.#onNews) callback();
  }
}

function mixed(mean: number | null, ms: number, runs: number): number {
  return mean === null ? ms : mean + (ms - mean) * (1 - (1 - WEIGHT) ** runs);
}

function isNews(reported: number | null, mean: number): boolean {
  if (reported === null) return true;
  const [less, more] = [Math.min(reported, mean), Math.max(reported, mean)];
  return less < LONG_MS && more > 2 * less + 0.05;
}
