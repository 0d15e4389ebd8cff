import { createHash } from 'node:crypto';
import { Faults, FRAGILE_ID } from '../cluster/faults.js';
import { Dice } from '../dice.js';
import { newIntent } from './operations.js';
import { Sketches } from './sketches.js';

/** Returns a hash of what seeds mean: it changes whenever the seeds draw other intents or faults than before. */
export function printOfPlay(): string {
  const dice = new Dice(1);
  const sketches = new Sketches(dice);
  const faults = new Faults(dice);
  const hash = createHash('sha256');
  for (let n = 0; n < 300; n++) {
    hash.update(JSON.stringify([newIntent(dice, sketches, 1_000 * n, ['one', 'other']), faults.nextStrike()]));
    hash.update(`${sketches.tasksOfWorker()} ${sketches.patienceMs}`);
    hash.update(
      `${faults.ofCall('claim')} ${faults.ofCall('renew')} ${faults.ofMessage()} ${faults.ofPlan(FRAGILE_ID, n)}`,
    );
  }
  return hash.digest('hex').slice(0, 12);
}
