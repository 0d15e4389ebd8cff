import type { StoreState } from './state.js';

/** Returns when jobs are due; null for a job that is paused or does not exist. */
export function dueInstants(state: StoreState, ids: readonly string[]): readonly (number | null)[] {
  return ids.map((id) => state.schedule.score(id) ?? null);
}
