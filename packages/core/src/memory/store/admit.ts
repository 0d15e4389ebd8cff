import { SortedSet } from '../sorted-set.js';
import { countInstance } from './instances.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Gives a run an instance of its job: from here on it is to be delivered. */
export function admit(state: StoreState, run: RunRecord, now: number): void {
  const { runId, jobId, overlap, label, submission } = run;
  countInstance(state, jobId, 1);
  state.runs.set(runId, run);
  state.outbox.set(runId, now);
  if (jobId !== null && overlap !== 'skip') {
    const live = state.live.get(jobId) ?? new SortedSet();
    state.live.set(jobId, live);
    live.set(runId, now);
  }
  state.publish(now, { type: 'job_submitted', body: `${label},${submission}` });
}
