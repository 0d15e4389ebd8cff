import { naturalIn } from './digits.js';
import { type DatedRecord, dated, decodeRecorded, lastOf } from './recorded.js';
import { StretchReader } from './stretch-reader.js';

type Range = Extract<DatedRecord, { form: 'range' }>;

const reader = new StretchReader();

/**
 * The outcomes of an account, each with its first and its last fire time. There may be thousands, and an explanation needs only a few. So the
 * record of an outcome is made when it is asked for.
 */
export class PackedOutcomes {
  /**
   * The texts of entries, then of open stretches. The other members have the same places. A place without an outcome has NaN as its first fire
   * time.
   */
  readonly #texts: readonly string[];
  readonly #entries: number;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  /** NaN where it is not known. */
  readonly #generation: Float64Array;
  readonly #isRange: Uint8Array;
  readonly #records = new Map<number, DatedRecord>();
  /** The places by first fire time; made when they are first needed. */
  #ordered: Uint32Array | undefined;

  /** @param entries oldest first. @param open texts of open stretches. */
  constructor(entries: readonly string[], open: readonly string[]) {
    this.#texts = open.length > 0 ? [...entries, ...open] : entries;
    this.#entries = entries.length;
    this.#first = new Float64Array(this.#texts.length).fill(Number.NaN);
    this.#last = new Float64Array(this.#texts.length);
    this.#generation = new Float64Array(this.#texts.length);
    this.#isRange = new Uint8Array(this.#texts.length);
  }

  /** Reads an entry as outcomes of a generation; null: the generation is not known. Returns whether the entry has outcomes. */
  takeEntry(place: number, generation: number | null): boolean {
    const from = beginOf(this.#texts[place] ?? '');
    return from !== null && this.#take(place, from, generation);
  }

  takeOpen(place: number, generation: number | null): boolean {
    return this.#take(this.#entries + place, 0, generation);
  }

  get count(): number {
    return this.#order.length;
  }

  // Here and below, an index is a place in the order of first fire times.
  first(index: number): number {
    return this.#first[this.#order[index] ?? -1] ?? Number.NaN;
  }

  last(index: number): number {
    return this.#last[this.#order[index] ?? -1] ?? Number.NaN;
  }

  record(index: number): DatedRecord {
    return this.#recordAt(this.#order[index] ?? -1);
  }

  all(): readonly DatedRecord[] {
    return Array.from(this.#order, (place) => this.#recordAt(place));
  }

  ranges(): readonly Range[] {
    const places = this.#order.filter((place) => this.#isRange[place] === 1);
    return Array.from(places, (place) => this.#recordAt(place) as Range);
  }

  #take(place: number, from: number, generation: number | null): boolean {
    const text = this.#texts[place] ?? '';
    if (reader.read(text, from)) {
      this.#first[place] = reader.first;
      this.#last[place] = reader.last;
    } else {
      const recorded = decodeRecorded(text, from);
      if (!recorded) return false;
      this.#first[place] = recorded.first;
      this.#last[place] = lastOf(recorded);
      this.#isRange[place] = 1;
    }
    this.#generation[place] = generation ?? Number.NaN;
    return true;
  }

  #recordAt(place: number): DatedRecord {
    const known = this.#records.get(place);
    if (known) return known;
    const text = this.#texts[place] ?? '';
    const isOpen = place >= this.#entries;
    const from = isOpen ? 0 : (beginOf(text) ?? 0);
    const recorded = decodeRecorded(text, from);
    if (!recorded) throw new RangeError(`there is no outcome at place ${place}`);
    const generation = this.#generation[place] ?? Number.NaN;
    const closedAt = isOpen ? null : naturalIn(text, 1, from - 1);
    const record = dated(recorded, closedAt, Number.isNaN(generation) ? null : generation);
    this.#records.set(place, record);
    return record;
  }

  get #order(): Uint32Array {
    this.#ordered ??= orderOf(this.#first);
    return this.#ordered;
  }
}

/** Where the outcomes of an entry begin; null if it is another entry, or cannot be read. */
function beginOf(text: string): number | null {
  if (text.charAt(0) !== 's') return null;
  const blank = text.indexOf(' ');
  return blank < 0 || Number.isNaN(naturalIn(text, 1, blank)) ? null : blank + 1;
}

/** The places of numbers, the least number first. Of equal numbers, the earlier place is first. */
function orderOf(numbers: Float64Array): Uint32Array {
  const places = new Uint32Array(numbers.length);
  let count = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let isOrdered = true;
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place] as number;
    if (Number.isNaN(number)) continue;
    if (number < latest) isOrdered = false;
    latest = number;
    places[count++] = place;
  }
  const order = places.subarray(0, count);
  // Most outcomes are already in order, as they are written when they end.
  return isOrdered ? order : order.sort((one, other) => (numbers[one] ?? 0) - (numbers[other] ?? 0) || one - other);
}
