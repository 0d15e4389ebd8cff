import type { NewRun } from '../../ports/ledger.js';
import { newRecord } from './run.js';
import type { StoreState } from './state.js';

/** How long the end of a superseded run is kept at most: there may be many of them. */
const SUPERSEDED_MS = 3_600_000;

/** Has a run wait for an instance of its job. One that waits already gives way to it. */
export function wait(state: StoreState, jobId: string, run: NewRun, now: number): void {
  supersede(state, jobId, now);
  state.runs.set(run.runId, newRecord(run, state.nextOrder()));
  state.waiting.set(jobId, run.runId);
}

function supersede(state: StoreState, jobId: string, now: number): void {
  const run = state.run(state.waiting.get(jobId) ?? '');
  if (!run) return;
  const { runId, history, label, submission } = run;
  const message = state.publish(now, { type: 'job_max_instances', body: `${label},${submission}` });
  if (history) state.histories.keep(runId, Math.min(history.ageMs, SUPERSEDED_MS), message, now);
  state.runs.delete(runId);
}
