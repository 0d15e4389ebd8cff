import { randomBytes } from 'node:crypto';
import { idOf } from '../id.js';

/** Where new ids come from. */
export interface Chance {
  /** An id that nobody has: letters, digits, `-` and `_`, and no `-` first. */
  id(): string;
}

const ID_BYTES = 12;
/** For so many ids at once: to ask the system for each costs more than most else of adding a job. */
const IDS_AT_ONCE = 256;

let bytes = Buffer.alloc(0);

export const systemChance: Chance = {
  id() {
    if (bytes.length < ID_BYTES) bytes = randomBytes(IDS_AT_ONCE * ID_BYTES);
    const id = idOf(bytes.subarray(0, ID_BYTES));
    bytes = bytes.subarray(ID_BYTES);
    return id;
  },
};
