import type { LiveRun, RunReading } from '../../ports/job-records.js';
import { ledgerRun, type RunRecord } from './lib/record.js';
import { read, stateOf } from './lib/run.js';
import type { StoreState } from './state.js';

/** Reads runs: where they are, and their outcomes so far. */
export function runs(state: StoreState, runIds: readonly string[]): readonly RunReading[] {
  const now = state.now();
  return runIds.map((runId) => {
    const run = read(state, runId);
    const outcomes = state.histories.outcomes(runId, now);
    const retriedAs = state.runs.has(runId) ? null : (state.retried.get(runId, now) ?? null);
    return { live: run ? liveRun(state, run, now) : null, outcomes, retriedAs };
  });
}

/** Returns a run that is owed, and where it is. */
function liveRun(state: StoreState, run: RunRecord, now: number): LiveRun {
  const is = stateOf(state, run, now);
  const isPutOff = is === 'scheduled' || is === 'retrying';
  return {
    run: ledgerRun(run),
    progress: state.progress.get(run.runId) ?? null,
    state: is,
    notBefore: isPutOff ? (state.outbox.score(run.runId) ?? now) : null,
  };
}
