import type { NewRun } from '../../ports/ledger.js';
import { SortedSet } from '../sorted-set.js';
import { countInstance } from './instances.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** When a run may be delivered. One of no job may be asked for beforehand: not before it is due. */
export function notBefore({ jobId, fires }: NewRun, now: number): number {
  return jobId === null ? Math.max(now, fires[0]?.dueAt ?? now) : now;
}

/** Gives a run an instance of its job: from here on it is to be delivered. */
export function admit(state: StoreState, run: RunRecord, now: number): void {
  const { runId, jobId, overlap, label, submission } = run;
  countInstance(state, jobId, 1);
  state.runs.set(runId, run);
  state.outbox.set(runId, notBefore(run, now));
  if (jobId !== null && overlap !== 'skip') {
    const live = state.live.get(jobId) ?? new SortedSet();
    state.live.set(jobId, live);
    live.set(runId, now);
  }
  state.publish(now, { type: 'job_submitted', body: `${label},${submission}` });
}
