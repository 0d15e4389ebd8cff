import { OwedTimes } from './owed-times.js';
import type { DatedRecord } from './recorded.js';
import { type FireOutcome, lastOf } from './recorded.js';
import { mayHave, type Revision } from './revision.js';
import type { Timeline } from './timeline.js';

/** The fault of a fire time, ms. */
export interface Finding {
  /**
   * `unaccounted`: it should have an outcome, and has none. `double`: it has several. `not_named`: it has one, and no revision of the
   * job has that fire time.
   */
  readonly kind: 'unaccounted' | 'double' | 'not_named';
  readonly fireTime: number;
  readonly outcomes: readonly FireOutcome[];
}

/** The fire times that are compared: those after `from` and up to `to`, ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** How many fire times are compared before a pause. */
const PAGE = 5_000;

/** A record of outcomes that the comparison has reached. */
interface Active {
  readonly record: DatedRecord;
  readonly last: number;
  /** For a stretch: its next fire time, ms. */
  at: number;
  /** For a range: whether a fire time in it was found. */
  isMet: boolean;
  /** For a range: whether it may belong to a revision. */
  readonly isOf: Map<Revision, boolean>;
}

/**
 * Compares the fire times of all revisions with the kept outcomes, in order. It yields each fault, and null at the end of each page. Returns how
 * many fire times it compared.
 */
export function* auditOf(timeline: Timeline, { from, to }: Period): Generator<Finding | null, number> {
  const owed = new OwedTimes(timeline, from, to);
  const kept = new KeptOutcomes(timeline, from, to);
  let count = 0;
  let sincePause = 0;
  for (let next = owed.next(); next; next = owed.next()) {
    const { at, revisions } = next;
    const times = revisions.length;
    yield* kept.before(at);
    const outcomes = kept.at(at, revisions);
    if (outcomes.length < times) yield { kind: 'unaccounted', fireTime: at, outcomes };
    if (outcomes.length > times) yield { kind: 'double', fireTime: at, outcomes };
    count += times;
    sincePause += 1;
    const alone = kept.alone(at);
    if (alone) {
      const passed = owed.pass(at, alone.step, alone.last);
      kept.pass(passed);
      count += passed;
    }
    if (sincePause % PAGE === 0) yield null;
  }
  yield* kept.before(Number.POSITIVE_INFINITY);
  return count;
}

class KeptOutcomes {
  readonly #from: number;
  readonly #to: number;
  /** By first fire time; the earliest is the last. */
  readonly #waiting: DatedRecord[];
  #active: Active[] = [];

  constructor({ outcomes }: Timeline, from: number, to: number) {
    this.#from = from;
    this.#to = to;
    const ofTrigger = outcomes.all().filter((one) => one.form === 'range' || !one.asked);
    this.#waiting = ofTrigger.filter((one) => one.first <= to && lastOf(one) > from).toReversed();
  }

  /** Yields the outcomes before an instant that are at none of the compared fire times. */
  *before(at: number): Generator<Finding> {
    this.#activate(at);
    for (const active of this.#active) {
      const { record, last } = active;
      const outcomes = [record.outcome];
      if (record.form === 'stretch') {
        for (; active.at < at && active.at <= last; active.at += record.step || 1) {
          if (active.at <= this.#to) yield { kind: 'not_named', fireTime: active.at, outcomes };
        }
      } else if (last < at && !active.isMet && record.first > this.#from && last <= this.#to) {
        yield { kind: 'not_named', fireTime: record.first, outcomes };
      }
    }
    this.#active = this.#active.filter((active) => active.last >= at);
  }

  /** Returns the outcomes of a fire time that these revisions have. */
  at(at: number, revisions: readonly Revision[]): FireOutcome[] {
    const outcomes: FireOutcome[] = [];
    this.#activate(at);
    for (const active of this.#active) {
      const { record } = active;
      if (record.form === 'range') {
        if (record.first > at || !revisions.some((revision) => isOf(active, revision))) continue;
        active.isMet = true;
      } else {
        if (active.at !== at) continue;
        active.at += record.step || 1;
      }
      outcomes.push(record.outcome);
    }
    return outcomes;
  }

  /** The distance and the last fire time of a stretch, if it is the only record with outcomes after an instant. */
  alone(at: number): { readonly step: number; readonly last: number } | null {
    const [active, other] = this.#active;
    if (!active || other || active.record.form === 'range') return null;
    const { step } = active.record;
    if (step === 0 || active.at !== at + step) return null;
    return { step, last: Math.min(active.last, (this.#waiting.at(-1)?.first ?? Number.POSITIVE_INFINITY) - 1) };
  }

  /** Notes that this many more fire times of the stretch were found. */
  pass(count: number): void {
    const [active] = this.#active;
    if (active?.record.form === 'stretch') active.at += count * active.record.step;
  }

  #activate(until: number): void {
    for (let next = this.#waiting.at(-1); next && next.first <= until; next = this.#waiting.at(-1)) {
      this.#waiting.pop();
      this.#active.push({
        record: next,
        last: lastOf(next),
        at: firstAfter(next, this.#from),
        isMet: false,
        isOf: new Map(),
      });
    }
  }
}

function isOf({ record, isOf: known }: Active, revision: Revision): boolean {
  const answer = known.get(revision) ?? mayHave(revision, record);
  known.set(revision, answer);
  return answer;
}

function firstAfter(record: DatedRecord, from: number): number {
  const { first } = record;
  if (record.form === 'range' || record.step === 0 || first > from) return first;
  return first + (Math.floor((from - first) / record.step) + 1) * record.step;
}
