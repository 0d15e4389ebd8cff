import type { LiveRun, RunReading } from '../../ports/job-records.js';
import { isWaiting } from './instances.js';
import { ledgerRun, type RunRecord } from './run.js';
import { scan } from './scan.js';
import type { StoreState } from './state.js';

const PAGE = 500;

/** What is known of runs: where they are, and what was settled of them. */
export function runs(state: StoreState, runIds: readonly string[]): readonly RunReading[] {
  const now = state.now();
  return runIds.map((runId) => {
    const run = state.run(runId);
    return { live: run ? liveRun(state, run, now) : null, outcomes: state.histories.outcomes(runId, now) };
  });
}

/** A run that is owed, and where it is. */
export function liveRun(state: StoreState, run: RunRecord, now: number): LiveRun {
  const deliverAt = state.outbox.score(run.runId) ?? now;
  const told = { run: ledgerRun(run), progress: state.progress.get(run.runId) ?? null, notBefore: null };
  if (isWaiting(state, run)) return { ...told, state: 'waiting' };
  if (run.token !== null) return { ...told, state: 'running' };
  if (deliverAt <= now) return { ...told, state: 'queued' };
  return { ...told, state: run.tries === 0 ? 'scheduled' : 'retrying', notBefore: deliverAt };
}

/** The runs of a job that are owed, a page of the ledger at a time. */
export function liveRuns(
  state: StoreState,
  jobId: string,
  cursor: string,
): { readonly runIds: readonly string[]; readonly cursor: string } {
  const next = scan(state, PAGE, cursor);
  const ofJob = next.page.filter((run) => !run.damaged && run.jobId === jobId);
  return { runIds: ofJob.map(({ runId }) => runId), cursor: next.cursor };
}
