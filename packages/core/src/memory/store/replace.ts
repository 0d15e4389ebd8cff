import { cancelOne } from './cancel.js';
import type { StoreState } from './state.js';

/** Cancels the oldest live run of a job, unless one of them is being cancelled already. */
export function cancelOldest(state: StoreState, jobId: string, now: number): void {
  const live = state.live.get(jobId);
  const runs = live?.upTo(Number.POSITIVE_INFINITY, live.size).flatMap((runId) => state.run(runId) ?? []) ?? [];
  const [oldest] = runs;
  if (oldest && !runs.some(({ cancelled }) => cancelled)) cancelOne(state, oldest.runId, now);
}
