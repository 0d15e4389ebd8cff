const MINUTES = 1_440;
const WORDS = MINUTES / 32;

/** A set of minutes of the day, 0 to 1,439, a bit for each. */
export class MinutesOfDay {
  static readonly ALL = MinutesOfDay.of(Array.from({ length: MINUTES }, (_, minute) => minute));

  readonly #words: Uint32Array;
  readonly #later = new Map<number, MinutesOfDay>();

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  static of(minutes: Iterable<number>): MinutesOfDay {
    const words = new Uint32Array(WORDS);
    for (const minute of minutes) words[minute >> 5] = (words[minute >> 5] ?? 0) | (1 << (minute & 31));
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

  /** So many minutes later, around midnight; kept, as a zone has few offsets. */
  later(minutes: number): MinutesOfDay {
    const shift = ((minutes % MINUTES) + MINUTES) % MINUTES;
    if (shift === 0) return this;
    const known = this.#later.get(shift);
    if (known !== undefined) return known;
    const shifted = MinutesOfDay.of(Array.from(this, (minute) => (minute + shift) % MINUTES));
    this.#later.set(shift, shifted);
    return shifted;
  }

  get isEmpty(): boolean {
    return this.next(0) < 0;
  }

  has(minute: number): boolean {
    return ((this.#words[minute >> 5] ?? 0) & (1 << (minute & 31))) !== 0;
  }

  /** The first one at or after a minute, or -1. */
  next(minute: number): number {
    if (minute >= MINUTES) return -1;
    let index = minute >> 5;
    let word = (this.#words[index] ?? 0) & (-1 << (minute & 31));
    while (word === 0) {
      index++;
      if (index === WORDS) return -1;
      word = this.#words[index] ?? 0;
    }
    return index * 32 + 31 - Math.clz32(word & -word);
  }

  /** The same for equal sets. */
  key(): string {
    return this.#words.join();
  }

  *[Symbol.iterator](): Generator<number> {
    for (let minute = this.next(0); minute >= 0; minute = this.next(minute + 1)) yield minute;
  }
}
