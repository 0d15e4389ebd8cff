import type { LiveRun } from '../../../ports/job-records.js';
import type { StoreState } from '../state.js';
import type { RunRecord } from './record.js';

/** Returns a run if it exists and can be read. */
export function read(state: StoreState, runId: string): RunRecord | undefined {
  const run = state.runs.get(runId);
  return run?.damaged ? undefined : run;
}

export function isWaiting(state: StoreState, { runId, jobId }: RunRecord): boolean {
  return jobId !== null && state.waiting.get(jobId) === runId;
}

export function stateOf(state: StoreState, run: RunRecord, now: number): LiveRun['state'] {
  if (run.token !== null) return 'running';
  if (isWaiting(state, run)) return 'waiting';
  if ((state.outbox.score(run.runId) ?? now) <= now) return 'queued';
  return run.tries === 0 ? 'scheduled' : 'retrying';
}
