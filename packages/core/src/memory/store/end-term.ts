import type { EndOfTerm } from '../../ports/term-store.js';
import type { StoreState } from './state.js';

/**
 * Publishes that a term is over and its lock released. Wakes the coordinators that should contend at once: the standbys, or the one that is to lead
 * next.
 */
export function endTerm(state: StoreState, { epoch, lost, heir }: EndOfTerm): void {
  const [op, now] = [`term ${epoch}`, state.now()];
  if (state.announced.get(op, now)) return;
  state.publish(now, lost);
  if (state.led?.epoch === epoch) state.led = null;
  state.wake(heir === null ? 'leader' : `heir ${heir}`);
  state.announced.set(op, 'done', now);
}
