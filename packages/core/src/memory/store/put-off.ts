import type { Settlement } from '../../ports/ledger.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** Nothing is put off for longer than a year. */
const LONGEST_MS = 365 * 86_400_000;

/** Lets go of a run whose execution failed: it is delivered again, later, and keeps its instance. */
export function putOff(state: StoreState, run: RunRecord, settlement: Settlement, now: number): void {
  const { event } = settlement;
  const { runId } = run;
  const retryAt = retryTime(settlement, now);
  state.publish(now, { type: 'job_retrying', body: `${event.body},"retryAt":${retryAt}` });
  state.runs.set(runId, { ...run, deliveryId: null, token: null, tries: run.tries + 1, losses: 0 });
  state.leases.delete(runId);
  state.progress.delete(runId);
  state.outbox.set(runId, retryAt);
  state.wake(retryAt);
}

function retryTime({ delayMs = 0, retryAt }: Settlement, now: number): number {
  return retryAt === undefined ? now + delayMs : Math.max(now, Math.min(retryAt, now + LONGEST_MS));
}
