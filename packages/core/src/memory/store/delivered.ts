import type { DeliveredRun } from '../../ports/term-store.js';
import * as life from './lib/life.js';
import type { StoreState } from './state.js';

/** Takes runs out of the outbox that were queued, unless the ledger names another delivery by now. */
export function delivered(state: StoreState, runs: readonly DeliveredRun[]): void {
  for (const { runId, deliveryId } of runs) {
    const run = state.runs.get(runId);
    if (!run || (!run.damaged && run.deliveryId === deliveryId)) life.queued(state, runId);
  }
}
