import { randomBytes } from 'node:crypto';
import { idOfText } from '../id.js';

/** Where new ids come from. */
export interface Chance {
  /** A new id: letters, digits, `-` and `_`, and no `-` first. */
  id(): string;
}

const ID_BYTES = 12;
/** How many ids one call of the system serves: a call for each costs more than most else of adding a job. */
const IDS_AT_ONCE = 256;

let bytes = Buffer.alloc(0);
let used = 0;

export const systemChance: Chance = {
  id() {
    if (used === bytes.length) {
      bytes = randomBytes(IDS_AT_ONCE * ID_BYTES);
      used = 0;
    }
    used += ID_BYTES;
    return idOfText(bytes.toString('base64url', used - ID_BYTES, used));
  },
};
