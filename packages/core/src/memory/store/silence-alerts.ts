import type { AlertRecords } from '../../ports/alert-records.js';
import type { StoreState } from './state.js';

/** Silences alerts until an instant, or ends the silence. */
export function silenceAlerts(state: StoreState, { id, silence }: Parameters<AlertRecords['silence']>[0]): void {
  const { silences } = state.alerts;
  if (silence) silences.set(id, { id, until: Math.ceil(silence.until), json: silence.json });
  else silences.delete(id);
}
