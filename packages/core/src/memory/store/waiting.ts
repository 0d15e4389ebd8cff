import type { NewRun } from '../../ports/ledger.js';
import { newRecord, type RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Has a run wait for an instance of its job. One that waits already is superseded: it will not run. */
export function wait(state: StoreState, jobId: string, run: NewRun, now: number): void {
  const older = state.run(state.waiting.get(jobId) ?? '');
  if (older) {
    const body = `${older.label},${older.submission}`;
    state.histories.keep(older, state.publish(now, { type: 'job_max_instances', body }), now);
    over(state, older, now);
  }
  state.runs.set(run.runId, newRecord(run, state.nextOrder()));
  state.waiting.set(jobId, run.runId);
}

/** Takes a run that is over out of the ledger, which never had an instance. */
export function stopWaiting(state: StoreState, jobId: string, run: RunRecord, now: number): void {
  state.waiting.delete(jobId);
  over(state, run, now);
}

function over(state: StoreState, run: RunRecord, now: number): void {
  state.runs.delete(run.runId);
  state.histories.end(run, now);
}
