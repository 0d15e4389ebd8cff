import { hash } from 'node:crypto';
import { idOf } from '../id.js';
import type { Chance } from '../ports/chance.js';

/** Makes ids that are the same for the same seed. */
export class SeededChance implements Chance {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  id(): string {
    this.#count += 1;
    return idOf(hash('sha256', `${this.#count} ${this.#seed}`, 'buffer')).slice(0, 16);
  }
}
