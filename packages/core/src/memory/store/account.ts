import type { JobAccount } from '../../ports/job-records.js';
import { since } from './lib/bounded.js';
import type { StoreState } from './state.js';
import { storedJobAndLast } from './stored-job.js';

/** Reads what is kept of a job, and what there is of it. */
export function account(state: StoreState, id: string): JobAccount {
  const now = state.now();
  const live = state.live.get(id);
  const waiting = state.waiting.get(id);
  return {
    now,
    from: since(state.accounts, id, now),
    paused: state.paused,
    job: storedJobAndLast(state, id),
    entries: [...state.accounts.listOf(id, now)],
    instances: state.instances.get(id) ?? 0,
    runIds: [...(live?.upTo(Number.POSITIVE_INFINITY, live.size) ?? []), ...(waiting === undefined ? [] : [waiting])],
  };
}
