import type { AccountsParams, JobAccount } from '../../ports/job-records.js';
import { since } from './lib/bounded.js';
import type { StoreState } from './state.js';
import { storedJobAndLast } from './stored-job.js';

/** Reads the accounts of jobs, and the jobs themselves: those of the first job, and of more jobs until enough entries were read. */
export function accounts(state: StoreState, { ids, entries }: AccountsParams): readonly JobAccount[] {
  const all: JobAccount[] = [];
  let count = 0;
  for (const id of ids) {
    const one = account(state, id);
    all.push(one);
    count += one.entries.length;
    if (count >= entries) break;
  }
  return all;
}

export function account(state: StoreState, id: string): JobAccount {
  const now = state.now();
  const live = state.live.get(id);
  const waiting = state.waiting.get(id);
  return {
    now,
    paused: state.paused,
    from: since(state.accounts, id, now),
    job: storedJobAndLast(state, id),
    entries: [...state.accounts.listOf(id, now)],
    instances: state.instances.get(id) ?? 0,
    runIds: [...(live?.upTo(Number.POSITIVE_INFINITY, live.size) ?? []), ...(waiting === undefined ? [] : [waiting])],
  };
}
