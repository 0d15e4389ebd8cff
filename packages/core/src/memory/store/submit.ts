import type { SubmitOutcome, SubmitParams } from '../../ports/job-records.js';
import { enter, notBefore } from './lib/instances.js';
import { newRecord } from './lib/record.js';
import { MAX_READING_AGE_MS } from './put.js';
import type { StoreState } from './state.js';

/**
 * Enters a run without a leader, and wakes the leader for the time at which it is due. If a window is open for its key, returns the run that opened
 * it.
 */
export function submit(state: StoreState, params: SubmitParams): SubmitOutcome {
  const now = state.now();
  const answered = state.submits.get(params.op, now);
  if (answered) return answered;
  if (params.readAt !== undefined && now - params.readAt > MAX_READING_AGE_MS) return 'stale';
  const answer = submitOnce(state, params, now);
  state.submits.set(params.op, answer, now);
  return answer;
}

function submitOnce(state: StoreState, { run, dedupe }: SubmitParams, now: number): SubmitOutcome {
  const duplicateOf = dedupe && state.windows.get(dedupe.key, now);
  if (duplicateOf !== undefined) return { duplicateOf };
  const answer = enter(state, newRecord(state.alias, run, state.nextOrder()), now);
  if (answer === 'submitted') state.wake(notBefore(run, now));
  if (dedupe && answer !== 'max_instances') state.windows.set(dedupe.key, run.runId, now, dedupe.forMs);
  return answer;
}
