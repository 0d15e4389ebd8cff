import { holds } from '../election.js';
import type { StoreState } from './state.js';

/** Begins a term, if the lock is still held under this value. Epochs only grow. The event says when the leader of a term that ended silently showed itself last. Returns the epoch. */
export function beginTerm(
  state: StoreState,
  { lock, elected }: { readonly lock: string; readonly elected: string },
): number | null {
  if (!holds(state, lock)) return null;
  const now = state.now();
  const former = state.led?.epoch === state.epoch ? state.led : null;
  state.epoch = Math.max((state.epoch ?? 0) + 1, now);
  state.led = { epoch: state.epoch, at: now };
  const before = former ? `,"formerAliveUntil":${former.at}` : '';
  state.publish(now, { type: 'leader_elected', body: `${elected},"epoch":${state.epoch}${before}` });
  return state.epoch;
}
