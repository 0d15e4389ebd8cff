import type { RecentAccount, RecentParams } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

/** Reads the newest outcomes of many jobs. */
export function recent(state: StoreState, { ids, entries }: RecentParams): readonly RecentAccount[] {
  const now = state.now();
  return ids.map((id) => ({
    last: state.last.get(id) ?? null,
    entries: [...state.accounts.listOf(id, now)].slice(-entries),
  }));
}
