import type { EndOfTerm } from '../../ports/term-store.js';
import type { StoreState } from './state.js';

/** Says that a term is over and its lock released, and who contends at once: the standbys, or one that is to lead next. */
export function endTerm(state: StoreState, { epoch, lost, heir }: EndOfTerm): void {
  const [op, now] = [`term ${epoch}`, state.now()];
  if (state.announced.get(op, now)) return;
  state.publish(now, lost);
  if (state.led?.epoch === epoch) state.led = null;
  state.wake(heir === null ? 'leader' : `heir ${heir}`);
  state.announced.set(op, 'done', now);
}
