import { randomBytes } from 'node:crypto';

/** Where new ids come from. */
export interface Chance {
  /** An id that nobody has: letters, digits, `-` and `_`. */
  id(): string;
}

export const systemChance: Chance = {
  id: () => randomBytes(12).toString('base64url'),
};
