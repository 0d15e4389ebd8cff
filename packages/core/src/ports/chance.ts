import { randomBytes } from 'node:crypto';
import { idOf } from '../id.js';

/** Where new ids come from. */
export interface Chance {
  /** An id that nobody has: letters, digits, `-` and `_`, and no `-` first. */
  id(): string;
}

export const systemChance: Chance = {
  id: () => idOf(randomBytes(12)),
};
