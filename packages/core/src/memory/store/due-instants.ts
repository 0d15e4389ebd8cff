import type { StoreState } from './state.js';

/** When jobs are due; null if it is paused, or there is none. */
export function dueInstants(state: StoreState, ids: readonly string[]): readonly (number | null)[] {
  return ids.map((id) => state.schedule.score(id) ?? null);
}
