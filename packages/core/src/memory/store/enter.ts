import type { NewRun } from '../../ports/ledger.js';
import { admit } from './admit.js';
import { hasRoom } from './instances.js';
import { promote } from './promote.js';
import { cancelOldest } from './replace.js';
import { type Entered, newRecord } from './run.js';
import type { StoreState } from './state.js';
import { wait } from './waiting.js';

/** Takes a run into the ledger, or does with it what its job's overlap says. */
export function enter(state: StoreState, run: NewRun, now: number, deliveryId: string | null = null): Entered {
  const { jobId, overlap, label, submission } = run;
  if (jobId !== null) promote(state, jobId, now);
  if (jobId === null || hasRoom(state, run)) {
    admit(state, { ...newRecord(run, state.nextOrder()), deliveryId }, now);
    return 'submitted';
  }
  if (overlap === 'skip') {
    state.publish(now, { type: 'job_max_instances', body: `${label},${submission}` });
    return 'max_instances';
  }
  wait(state, jobId, run, now);
  if (overlap === 'replace') cancelOldest(state, jobId, now);
  return 'waiting';
}
