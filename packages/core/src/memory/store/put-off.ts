import type { Settlement } from '../../ports/ledger.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Lets go of a run whose execution failed: it is delivered again, later, and keeps its instance. */
export function putOff(state: StoreState, run: RunRecord, { delayMs = 0, event }: Settlement, now: number): void {
  const { runId } = run;
  const retryAt = now + delayMs;
  state.publish(now, { type: 'job_retrying', body: `${event.body},"retryAt":${retryAt}` });
  state.runs.set(runId, { ...run, deliveryId: null, token: null, tries: run.tries + 1, losses: 0 });
  state.leases.delete(runId);
  state.progress.delete(runId);
  state.outbox.set(runId, retryAt);
  state.wake(retryAt);
}
