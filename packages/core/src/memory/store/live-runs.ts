import { scan } from './scan.js';
import type { StoreState } from './state.js';

const PAGE = 500;

/** Reads the runs of a job (null: of all) that are owed, one page of the ledger at a time. */
export function liveRuns(
  state: StoreState,
  jobId: string | null,
  cursor: string,
): { readonly runIds: readonly string[]; readonly cursor: string } {
  const next = scan(state, PAGE, cursor);
  const ofJob = next.page.filter((run) => !run.damaged && (jobId === null || run.jobId === jobId));
  return { runIds: ofJob.map(({ runId }) => runId), cursor: next.cursor };
}
