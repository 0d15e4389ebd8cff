import type { KeptAlerts } from '../../ports/alert-records.js';
import type { StoreState } from './state.js';

/** Reads the records about alerts, and which alerts are silenced. */
export function alerts(state: StoreState): KeptAlerts {
  const now = state.now();
  const { fields, silences } = state.alerts;
  return { now, fields: new Map(fields), silences: [...silences.values()].filter(({ until }) => until > now) };
}
