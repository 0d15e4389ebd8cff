import { moreMembers } from '../../event/draft.js';
import type { CancelOutcome, CancelParams } from '../../ports/job-records.js';
import { cancel as cancelRun } from './lib/instances.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Cancels runs, whatever state they are in. */
export function cancel(state: StoreState, { op, runIds, by = {} }: CancelParams): readonly CancelOutcome[] {
  const now = state.now();
  const answered = state.cancels.get(op, now);
  if (answered) return answered;

  const outcomes = runIds.map((runId) => {
    const run = read(state, runId);
    return run ? cancelRun(state, run, now, moreMembers(by)) : 'unknown';
  });
  if (outcomes.some((outcome) => outcome !== 'unknown')) state.cancels.set(op, outcomes, now);
  return outcomes;
}
