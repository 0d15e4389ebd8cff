export const MINUTES_OF_A_DAY = 1_440;
const WORDS = MINUTES_OF_A_DAY / 32;

/** A set of minutes of the day, 0 to 1,439, a bit for each. */
export class MinutesOfDay {
  static readonly ALL = new MinutesOfDay(new Uint32Array(WORDS).fill(0xffffffff));

  readonly #words: Uint32Array;
  readonly #later = new Map<number, MinutesOfDay>();

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  /** Each of these minutes of each of these hours. */
  static of(hours: readonly number[], minutes: readonly number[]): MinutesOfDay {
    const words = new Uint32Array(WORDS);
    for (const hour of hours) {
      for (const minute of minutes) set(words, hour * 60 + minute);
    }
    return new MinutesOfDay(words);
  }

  and(other: MinutesOfDay): MinutesOfDay {
    const words = new Uint32Array(WORDS);
    for (let index = 0; index < WORDS; index++) words[index] = (this.#words[index] ?? 0) & (other.#words[index] ?? 0);
    return new MinutesOfDay(words);
  }

  or(other: MinutesOfDay): MinutesOfDay {
    const words = new Uint32Array(WORDS);
    for (let index = 0; index < WORDS; index++) words[index] = (this.#words[index] ?? 0) | (other.#words[index] ?? 0);
    return new MinutesOfDay(words);
  }

  /** Returns the minutes moved later by an offset, across midnight. The results are remembered, as a zone has few offsets. */
  later(minutes: number): MinutesOfDay {
    const shift = ((minutes % MINUTES_OF_A_DAY) + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY;
    if (shift === 0) return this;
    const known = this.#later.get(shift);
    if (known !== undefined) return known;
    const shifted = new MinutesOfDay(rotated(this.#words, shift));
    this.#later.set(shift, shifted);
    return shifted;
  }

  /** Returns the minutes from one to another, exclusive. */
  between(from: number, end: number): MinutesOfDay {
    const words = new Uint32Array(WORDS);
    for (let minute = this.next(from); minute >= 0 && minute < end; minute = this.next(minute + 1)) set(words, minute);
    return new MinutesOfDay(words);
  }

  get isEmpty(): boolean {
    return this.next(0) < 0;
  }

  has(minute: number): boolean {
    return ((this.#words[minute >> 5] ?? 0) & (1 << (minute & 31))) !== 0;
  }

  /** Returns the first minute at or after another, or -1. */
  next(minute: number): number {
    if (minute >= MINUTES_OF_A_DAY) return -1;
    let index = minute >> 5;
    let word = (this.#words[index] ?? 0) & (-1 << (minute & 31));
    while (word === 0) {
      index++;
      if (index === WORDS) return -1;
      word = this.#words[index] ?? 0;
    }
    return index * 32 + 31 - Math.clz32(word & -word);
  }

  get size(): number {
    let size = 0;
    for (let minute = this.next(0); minute >= 0; minute = this.next(minute + 1)) size++;
    return size;
  }
}

function set(words: Uint32Array, minute: number): void {
  words[minute >> 5] = (words[minute >> 5] ?? 0) | (1 << (minute & 31));
}

/** Rotates the bits by a number of places: those beyond the end move to the beginning. */
function rotated(words: Uint32Array, places: number): Uint32Array {
  const result = new Uint32Array(WORDS);
  const whole = places >> 5;
  const rest = places & 31;
  for (let index = 0; index < WORDS; index++) {
    const word = words[index] ?? 0;
    const to = (index + whole) % WORDS;
    result[to] = (result[to] ?? 0) | (word << rest);
    if (rest === 0) continue;
    const following = (to + 1) % WORDS;
    result[following] = (result[following] ?? 0) | (word >>> (32 - rest));
  }
  return result;
}
