import { enter } from './enter.js';
import { countAnew, isWaiting } from './instances.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Enters runs anew that are owed and nowhere. */
export function restoreRuns(state: StoreState, runIds: readonly string[]): void {
  const strays = runIds.flatMap((runId) => state.run(runId) ?? []).filter((run) => isNowhere(state, run));
  if (strays.length === 0) return;
  for (const { runId } of strays) state.runs.delete(runId);
  countAnew(state);
  const now = state.now();
  for (const run of strays) enterAgain(state, run, now);
  state.wake(now);
}

/** What became of it before stays known. */
function enterAgain(state: StoreState, run: RunRecord, now: number): void {
  enter(state, run, now);
  const entered = state.runs.get(run.runId);
  if (entered) state.runs.set(run.runId, { ...run, order: entered.order });
}

function isNowhere(state: StoreState, run: RunRecord): boolean {
  return run.deliveryId === null && state.outbox.score(run.runId) === undefined && !isWaiting(state, run);
}
