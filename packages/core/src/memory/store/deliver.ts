import type { DeliveredRun } from '../../ports/term-store.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Writes the delivery ids of runs whose time has come, as far as they are still in the outbox. They stay there until they are queued. */
export function deliver(state: StoreState, runs: readonly DeliveredRun[]): readonly string[] {
  const now = state.now();
  return runs.flatMap(({ runId, deliveryId }) => {
    const run = read(state, runId);
    const from = state.outbox.score(runId);
    if (!run || from === undefined || from > now) return [];
    life.assign(state, run, deliveryId);
    return runId;
  });
}
