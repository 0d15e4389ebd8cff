import type { StoreState } from './state.js';

/** Removes what is in quarantine under a name. Answers whether there was something. */
export function forgetQuarantined(state: StoreState, op: string, name: string): boolean {
  const now = state.now();
  if (state.announced.get(op, now)) return true;
  if (!state.quarantine.delete(name)) return false;
  state.announced.set(op, 'done', now);
  return true;
}
