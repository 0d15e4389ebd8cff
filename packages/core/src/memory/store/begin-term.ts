import { holds } from '../election.js';
import type { StoreState } from './state.js';

/** Begins a term, if the lock is still held under this value. Epochs only grow. Answers the epoch. */
export function beginTerm(
  state: StoreState,
  { lock, elected }: { readonly lock: string; readonly elected: string },
): number | null {
  if (!holds(state, lock)) return null;
  const now = state.now();
  state.epoch = Math.max((state.epoch ?? 0) + 1, now);
  state.publish(now, { type: 'leader_elected', body: `${elected},"epoch":${state.epoch}` });
  return state.epoch;
}
