import type { NewRun } from '../../ports/ledger.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Whether there may be one more live run of its job. */
export function hasRoom(state: StoreState, { jobId, maxInstances }: NewRun): boolean {
  return jobId === null || (state.instances.get(jobId) ?? 0) < maxInstances;
}

/** One live run of a job more or less. */
export function countInstance(state: StoreState, jobId: string | null, change: 1 | -1): void {
  if (jobId === null) return;
  const count = (state.instances.get(jobId) ?? 0) + change;
  if (count > 0) state.instances.set(jobId, count);
  else state.instances.delete(jobId);
}

/** Counts all live runs anew, from the ledger: of a record that cannot be read, nobody knows whose it was. */
export function countAnew(state: StoreState): void {
  state.instances.clear();
  for (const run of state.runs.values()) if (!run.damaged && !isWaiting(state, run)) countInstance(state, run.jobId, 1);
}

export function isWaiting(state: StoreState, { runId, jobId }: RunRecord): boolean {
  return jobId !== null && state.waiting.get(jobId) === runId;
}
