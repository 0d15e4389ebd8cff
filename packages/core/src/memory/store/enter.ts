import type { NewRun } from '../../ports/ledger.js';
import { admit } from './admit.js';
import { hasRoom } from './instances.js';
import { promote } from './promote.js';
import { cancelOldest } from './replace.js';
import { type Entered, newRecord } from './run.js';
import type { StoreState } from './state.js';
import { wait } from './waiting.js';

/** Enters a run, or has it wait, or refuses it: `refusal` is what was published then. */
export function enter(
  state: StoreState,
  run: NewRun,
  now: number,
): { readonly answer: Entered; readonly refusal: string | null } {
  const { jobId, overlap, label, submission } = run;
  if (jobId !== null) promote(state, jobId, now);
  if (jobId === null || hasRoom(state, run)) {
    admit(state, newRecord(run, state.nextOrder()), now);
    return { answer: 'submitted', refusal: null };
  }
  if (overlap === 'skip') {
    const refusal = state.publish(now, { type: 'job_max_instances', body: `${label},${submission}` });
    return { answer: 'max_instances', refusal };
  }
  wait(state, jobId, run, now);
  if (overlap === 'replace') cancelOldest(state, jobId, now);
  return { answer: 'waiting', refusal: null };
}
