import type { RetryOutcome, RetryParams } from '../../ports/job-records.js';
import type { NewRun } from '../../ports/ledger.js';
import { accountLimitsOf } from './lib/bounded.js';
import { hasRoom, publishSubmitted } from './lib/instances.js';
import * as life from './lib/life.js';
import { newRecord } from './lib/record.js';
import type { StoreState } from './state.js';

/** Submits failed runs again, without a leader, and wakes the leader. Each failed run is run again only once. */
export function retryRuns(state: StoreState, { op, runs }: RetryParams): readonly RetryOutcome[] {
  const now = state.now();
  const answered = state.retries.get(op, now);
  if (answered) return answered;
  const outcomes = runs.map(({ retryOf, run }) => runAgain(state, retryOf, run, now));
  if (outcomes.includes('submitted')) state.wake(now);
  state.retries.set(op, outcomes, now);
  return outcomes;
}

function runAgain(state: StoreState, failed: string, run: NewRun, now: number): RetryOutcome {
  if (state.retried.get(failed, now) !== undefined || state.runs.has(run.runId)) return 'retried';
  if (state.runs.has(failed)) return 'owed';
  const record = newRecord(state.alias, run, state.nextOrder());
  if (!hasRoom(state, record)) return 'max_instances';
  state.retried.set(failed, run.runId, now, accountLimitsOf(state.accounts, '').ageMs);
  life.admit(state, record, now, now);
  publishSubmitted(state, record, now);
  return 'submitted';
}
