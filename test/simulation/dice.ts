/** The one source of chance of a simulation: the same seed gives the same numbers (sfc32). */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = 0x9e3779b9;
    for (let round = 0; round < 16; round++) this.#next();
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor((this.#next() / 2 ** 32) * (high - low + 1));
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.#next() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T;
  }

  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let rest = (this.#next() / 2 ** 32) * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      rest -= weight;
      if (rest < 0) return key;
    }
    return (entries.at(-1) as [K, number])[0];
  }

  /** Each of the keys with this probability, and at least one. */
  some<K extends string>(keys: readonly K[], probability: number): K[] {
    const chosen = keys.filter(() => this.happens(probability));
    return chosen.length > 0 ? chosen : [this.pick(keys)];
  }

  /** In [0, 2^32). */
  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}
