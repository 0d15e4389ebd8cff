import type { PackedOutcomes } from './packed-outcomes.js';
import { type DatedRecord, lastOf, type Recorded } from './recorded.js';

/** Finds outcomes by their fire times, without looking at each. */
export class OutcomeIndex {
  readonly #outcomes: PackedOutcomes;
  /** For each place: the latest fire time of the outcomes up to that place, ms. */
  readonly #latest: Float64Array;

  constructor(outcomes: PackedOutcomes) {
    this.#outcomes = outcomes;
    this.#latest = new Float64Array(outcomes.count);
    let latest = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < outcomes.count; place++) {
      latest = Math.max(latest, outcomes.last(place));
      this.#latest[place] = latest;
    }
  }

  /** All outcomes, by first fire time. */
  all(): readonly DatedRecord[] {
    return this.#outcomes.all();
  }

  /** The ranges, each of many fire times, by first fire time. */
  ranges(): readonly Extract<DatedRecord, { form: 'range' }>[] {
    return this.#outcomes.ranges();
  }

  get isEmpty(): boolean {
    return this.#outcomes.count === 0;
  }

  /** The outcomes that hold an instant, ms, by first fire time. A range holds every instant from its first to its last. */
  at(instant: number): readonly DatedRecord[] {
    return this.#reaching(instant).filter((record) => holds(record, instant));
  }

  /** The first fire time after an instant, ms, that a stretch holds or with which an outcome begins; null if there is none. */
  next(after: number): number | null {
    const begun = this.#reaching(after + 1).flatMap((record) => nextOf(record, after) ?? []);
    const later = this.#firstAfter(after);
    const all = later < this.#outcomes.count ? [...begun, this.#outcomes.first(later)] : begun;
    return all.length > 0 ? Math.min(...all) : null;
  }

  /** The outcomes that begin at or before an instant, and end at or after it. */
  #reaching(instant: number): DatedRecord[] {
    const found: DatedRecord[] = [];
    for (let place = this.#firstAfter(instant) - 1; place >= 0; place--) {
      if ((this.#latest[place] ?? 0) < instant) break;
      if (this.#outcomes.last(place) >= instant) found.push(this.#outcomes.record(place));
    }
    return found.reverse();
  }

  /** The place of the first outcome that begins after an instant. */
  #firstAfter(instant: number): number {
    let [low, high] = [0, this.#outcomes.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#outcomes.first(middle) <= instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function holds(record: Recorded, instant: number): boolean {
  if (record.form === 'range') return record.first <= instant && instant <= record.last;
  const { first, step } = record;
  return (
    instant === first || (step > 0 && instant > first && instant <= lastOf(record) && (instant - first) % step === 0)
  );
}

function nextOf(record: Recorded, after: number): number | null {
  if (record.first > after) return record.first;
  if (record.form === 'range' || record.step === 0) return null;
  const next = record.first + (Math.floor((after - record.first) / record.step) + 1) * record.step;
  return next <= lastOf(record) ? next : null;
}
