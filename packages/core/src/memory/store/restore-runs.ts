import { byBytes } from '../sorted-set.js';
import { admitWaiting, enter } from './lib/instances.js';
import * as life from './lib/life.js';
import type { RunRecord } from './lib/record.js';
import { isWaiting, read } from './lib/run.js';
import type { StoreState } from './state.js';

/**
 * Enters runs again that are owed and are nowhere. Their outcomes so far are kept. Without any runs given, counts the live runs of all jobs again,
 * and admits the runs that wait for a free instance.
 */
export function restoreRuns(state: StoreState, runIds: readonly string[]): void {
  const undelivered = runIds
    .flatMap((runId) => read(state, runId) ?? [])
    .filter(({ deliveryId }) => deliveryId === null);
  for (const { runId } of undelivered) life.unlease(state, runId);
  const strays = undelivered.filter((run) => isNowhere(state, run));
  if (runIds.length > 0 && strays.length === 0) return;
  for (const { runId } of strays) life.removeState(state, runId);
  life.recount(state);
  const now = state.now();
  for (const run of strays) enter(state, { ...run, order: state.nextOrder() }, now);
  if (runIds.length === 0) for (const jobId of [...state.waiting.keys()].sort(byBytes)) admitWaiting(state, jobId, now);
  state.wake(now);
}

function isNowhere(state: StoreState, run: RunRecord): boolean {
  return run.deliveryId === null && state.outbox.score(run.runId) === undefined && !isWaiting(state, run);
}
