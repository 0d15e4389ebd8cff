import type { StoreFacts } from '../facts.js';
import type { Finding } from '../finding.js';
import { instancesHeld } from './instances-held.js';
import { limitsReached } from './limits-reached.js';
import { loadsOf } from './load.js';
import { runsWaiting } from './runs-waiting.js';
import { slotsFull } from './slots-full.js';

/** Why runs wait, over all job stores: workers share their slots among them. */
export function backlogFindings(stores: readonly StoreFacts[]): Finding[] {
  const ofExecutors = loadsOf(stores).flatMap((load) => [
    ...runsWaiting(load),
    ...slotsFull(load),
    ...limitsReached(load),
  ]);
  return [...ofExecutors, ...stores.flatMap(instancesHeld)];
}
