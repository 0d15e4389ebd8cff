import { cancelOne } from './cancel.js';
import { leaveLive } from './finish.js';
import type { StoreState } from './state.js';

/** Cancels the oldest live run of a job, unless one of them is being cancelled already. */
export function cancelOldest(state: StoreState, jobId: string, now: number): void {
  const live = state.live.get(jobId);
  const members = live?.upTo(Number.POSITIVE_INFINITY, live.size) ?? [];
  // What was quarantined has left no word of whose it was.
  for (const runId of members) if (!state.runs.has(runId)) leaveLive(state, jobId, runId);
  const runs = members.flatMap((runId) => state.run(runId) ?? []);
  const [oldest] = runs;
  if (oldest && !runs.some(({ cancelled }) => cancelled)) cancelOne(state, oldest.runId, now);
}
