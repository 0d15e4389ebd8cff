import type { ForgetParams } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

/** Removes the record that is in quarantine under a name, and publishes the event. Returns whether there was a record. */
export function forgetQuarantined(state: StoreState, { op, name, event }: ForgetParams): boolean {
  const now = state.now();
  if (state.announced.get(op, now)) return true;
  if (!state.quarantine.delete(name)) return false;
  state.publish(now, event);
  state.announced.set(op, 'done', now);
  return true;
}
