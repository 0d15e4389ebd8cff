import type { NewRun } from '../../../ports/ledger.js';
import type { StoreState } from '../state.js';
import * as life from './life.js';
import { noteAsker, remember, settleRest } from './outcome.js';
import type { RunRecord } from './record.js';
import { isWaiting, read } from './run.js';

/** When a run may be delivered. One of no job may be asked for beforehand: not before it is due. */
export function notBefore({ jobId, fires }: NewRun, now: number): number {
  return jobId === null ? Math.max(now, fires[0]?.dueAt ?? now) : now;
}

export function publishSubmitted(state: StoreState, { label, submission }: RunRecord, now: number): void {
  state.publish(now, { type: 'job_submitted', body: `${label},${submission}` });
}

/** Admits the waiting run of a job if there is room. One that cannot be read goes where the leader finds it; one that a newer
 * release wrote waits on. */
export function admitWaiting(state: StoreState, jobId: string, now: number): void {
  const runId = state.waiting.get(jobId);
  if (runId === undefined) return;
  const run = read(state, runId);
  if (!run) {
    if (state.runs.get(runId)?.newer) return;
    life.expose(state, runId, jobId, now);
  } else if (life.hasRoom(state, run)) {
    life.promote(state, run, notBefore(run, now), now);
    publishSubmitted(state, run, now);
  } else {
    return;
  }
  state.wake(now);
}

/** Takes a run whose every fire time is settled out of the ledger; the one that waits for its instance has it. */
export function conclude(state: StoreState, run: RunRecord, now: number): void {
  life.finish(state, run);
  remember(state, run, now);
  if (run.jobId !== null) admitWaiting(state, run.jobId, now);
}

/** Ends a run that no worker has; of one that was started, the worker is notified. `by`: members of its events, who asked for it. */
export function cancel(state: StoreState, run: RunRecord, now: number, by = ''): 'cancelled' | 'cancelling' {
  if (run.token !== null) {
    if (!run.cancelled) noteAsker(state, run, by, now);
    life.flag(state, run);
    state.channels.publish('control', `cancel ${run.runId}`);
    return 'cancelling';
  }
  const waits = isWaiting(state, run);
  settleRest(state, run, run.done, { outcome: 'cancelled', by }, now);
  if (waits) {
    life.withdraw(state, run);
    remember(state, run, now);
  } else {
    conclude(state, run, now);
  }
  return 'cancelled';
}
