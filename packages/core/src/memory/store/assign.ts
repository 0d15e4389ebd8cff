import type { Delivery } from '../../ports/queue.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Sets the delivery of each run whose time has come and that is still in the outbox. The run stays in the outbox until it is queued. */
export function assign(state: StoreState, deliveries: readonly Delivery[]): readonly string[] {
  const now = state.now();
  const assigned: string[] = [];
  for (const { id, runIds } of deliveries) {
    for (const runId of runIds) {
      const run = read(state, runId);
      const from = state.outbox.score(runId);
      if (!run || from === undefined || from > now) continue;
      life.assign(state, run, id);
      assigned.push(runId);
    }
  }
  return assigned;
}
