import type { Delivery } from '../../ports/queue.js';
import * as life from './lib/life.js';
import type { StoreState } from './state.js';

/** Takes the runs of queued deliveries out of the outbox, unless the ledger names another delivery by this time. */
export function confirmQueued(state: StoreState, deliveries: readonly Delivery[]): void {
  for (const { id, runIds } of deliveries) {
    for (const runId of runIds) {
      const run = state.runs.get(runId);
      if (!run || (!run.damaged && run.deliveryId === id)) life.queued(state, runId);
    }
  }
}
