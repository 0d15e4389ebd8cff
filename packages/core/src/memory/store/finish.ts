import { countInstance } from './instances.js';
import { promote } from './promote.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Takes a run that is over out of the ledger; the one that waits for its instance has it. */
export function finish(state: StoreState, run: RunRecord, now: number): void {
  const { runId, jobId } = run;
  state.runs.delete(runId);
  state.leases.delete(runId);
  state.outbox.delete(runId);
  state.progress.delete(runId);
  state.histories.end(run, now);
  if (jobId === null) return;
  countInstance(state, jobId, -1);
  const live = state.live.get(jobId);
  live?.delete(runId);
  if (live?.size === 0) state.live.delete(jobId);
  promote(state, jobId, now);
}
