import type { StoreState } from './state.js';

/** Keeps jobs from being claimed for a moment, so that a client can change them even if they fire all the time. Or releases them. */
export function hold(state: StoreState, ids: readonly string[], ms: number): void {
  const now = state.now();
  for (const [id, until] of state.held) if (until <= now) state.held.delete(id);
  for (const id of ids) {
    if (ms > 0) state.held.set(id, now + ms);
    else if (state.held.delete(id)) state.wake(now);
  }
}
