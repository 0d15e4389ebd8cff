import type { SubmitParams } from '../../ports/job-records.js';
import { enter } from './enter.js';
import type { Entered } from './run.js';
import type { StoreState } from './state.js';

/** Enters a run for now, without a leader, and wakes the leader. */
export function submit(state: StoreState, { op, run }: SubmitParams): Entered {
  const now = state.now();
  const answered = state.submits.get(op, now);
  if (answered) return answered;

  const answer = enter(state, run, now);
  if (answer === 'submitted') state.wake(now);
  state.submits.set(op, answer, now);
  return answer;
}
