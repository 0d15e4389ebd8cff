import type { ReapOutcome, Suspect } from '../../ports/term-store.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Puts a run back into the outbox if neither its worker nor its queue has it. */
export function reap(
  state: StoreState,
  { runId, deliveryId }: Suspect,
  leaseMs: number,
  isQueued: boolean,
): ReapOutcome {
  const now = state.now();
  const run = read(state, runId);
  const lease = state.leases.score(runId);
  if (run?.deliveryId !== deliveryId) return 'alive';
  if ((lease !== undefined && lease > state.upkeepNow()) || state.outbox.score(runId) !== undefined) return 'alive';
  if (isQueued) {
    if (lease !== undefined) life.renew(state, runId, state.upkeepNow() + leaseMs);
    return 'queued';
  }
  const losses = run.token === null ? run.losses : run.losses + 1;
  life.putBack(state, { ...run, losses }, now);
  return 'reaped';
}
