import type { HeldAlerts, HoldParams } from '../../ports/alert-records.js';
import type { StoreState } from './state.js';

/** Takes, keeps or leaves the place of the one process that watches the store for alerts. Removes silences that are over. */
export function holdAlerts(state: StoreState, { watcherId, forMs }: HoldParams): HeldAlerts {
  const now = state.now();
  const { watcher, silences } = state.alerts;
  const isFree = !watcher || watcher.until <= now || watcher.id === watcherId;
  if (isFree && forMs !== 0) state.alerts.watcher = { id: watcherId, until: now + Math.ceil(forMs) };
  else if (watcher?.id === watcherId) state.alerts.watcher = null;
  for (const [id, { until }] of silences) if (until <= now) silences.delete(id);
  return { holds: isFree && forMs !== 0, silences: [...silences.values()] };
}
