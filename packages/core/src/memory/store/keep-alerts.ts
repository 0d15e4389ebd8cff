import type { AlertRecords } from '../../ports/alert-records.js';
import type { StoreState } from './state.js';

/** Writes the records of the process that watches the store for alerts, unless another process has taken its place. */
export function keepAlerts(state: StoreState, { watcherId, fields }: Parameters<AlertRecords['keep']>[0]): boolean {
  const { watcher, fields: kept } = state.alerts;
  if (watcher?.id !== watcherId || watcher.until <= state.now()) return false;
  for (const [field, value] of fields) {
    if (value === '') kept.delete(field);
    else kept.set(field, value);
  }
  return true;
}
