import type { CancelOutcome, CancelParams } from '../../ports/job-records.js';
import { finish } from './finish.js';
import { isWaiting } from './instances.js';
import type { StoreState } from './state.js';
import { tellFrom } from './tell.js';

/** Cancels runs, wherever they are. */
export function cancel(state: StoreState, { op, runIds }: CancelParams): readonly CancelOutcome[] {
  const now = state.now();
  const answered = state.cancels.get(op, now);
  if (answered) return answered;

  const outcomes = runIds.map((runId) => cancelOne(state, runId, now));
  if (outcomes.some((outcome) => outcome !== 'unknown')) state.cancels.set(op, outcomes, now);
  return outcomes;
}

/** A run that nobody has started ends at once; the worker of another one is told to end it. */
export function cancelOne(state: StoreState, runId: string, now: number): CancelOutcome {
  const run = state.run(runId);
  if (!run) return 'unknown';
  if (run.token !== null) {
    state.runs.set(runId, { ...run, cancelled: true });
    state.channels.publish('control', `cancel ${runId}`);
    return 'cancelling';
  }
  tellFrom(state, run, run.done, { outcome: 'cancelled' }, now);
  if (run.jobId !== null && isWaiting(state, run)) {
    state.waiting.delete(run.jobId);
    state.runs.delete(runId);
    state.histories.end(run, now);
  } else {
    finish(state, run, now);
  }
  return 'cancelled';
}
