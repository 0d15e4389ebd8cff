import type { ErrorInfo } from '../../event/outcome.js';
import { conclude } from './lib/instances.js';
import { settleRest } from './lib/outcome.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

interface Refused {
  readonly runId: string;
  readonly deliveryId: string;
  readonly error: ErrorInfo;
}

/**
 * Settles a run that its queue refuses, once for each fire time that is left: as an error, or as cancelled if it was to be cancelled. A run that
 * was started anyway is left alone, as its queue had it.
 */
export function refuse(state: StoreState, { runId, deliveryId, error }: Refused): void {
  const now = state.now();
  const run = read(state, runId);
  if (run?.deliveryId !== deliveryId || run.token !== null) return;
  settleRest(
    state,
    run,
    run.done,
    run.cancelled ? { outcome: 'cancelled' } : { outcome: 'error', error: JSON.stringify(error) },
    now,
  );
  conclude(state, run, now);
}
