import type { SubmitParams } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

/** Enters a run for now, without a leader, and wakes the leader. */
export function submit(state: StoreState, params: SubmitParams): 'submitted' | 'max_instances' {
  const { op, run, submitted, maxInstances } = params;
  const now = state.now();
  const answered = state.submits.get(op, now);
  if (answered) return answered;

  const isFull = run.jobId !== null && (state.instances.get(run.jobId) ?? 0) >= run.maxInstances;
  const answer = isFull ? 'max_instances' : 'submitted';
  if (isFull) {
    state.publish(now, { type: 'job_max_instances', body: maxInstances });
  } else {
    state.enterRun(run, now);
    state.publish(now, { type: 'job_submitted', body: submitted });
    state.wake(now);
  }
  state.submits.set(op, answer, now);
  return answer;
}
