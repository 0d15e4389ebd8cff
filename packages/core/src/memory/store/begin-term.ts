import { draft } from '../../event/draft.js';
import { holds } from '../election.js';
import type { StoreState } from './state.js';

/**
 * Begins a term, if the lock is still held with this value. Epochs only grow. If the last term ended silently, the event says when its leader last
 * showed that it lived. Returns the epoch; null if the lock is not held.
 */
export function beginTerm(
  state: StoreState,
  { lock, coordinatorId }: { readonly lock: string; readonly coordinatorId: string },
): number | null {
  if (!holds(state, lock)) return null;
  const now = state.now();
  const former = state.led?.epoch === state.epoch ? state.led : null;
  state.epoch = Math.max((state.epoch ?? 0) + 1, now);
  state.led = { epoch: state.epoch, at: now };
  const elected = { coordinatorId, epoch: state.epoch, ...(former && { formerAliveUntil: former.at }) };
  state.publish(now, draft(state.alias, 'leader_elected', elected));
  return state.epoch;
}
