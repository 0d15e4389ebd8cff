import type { DeliveredRun, ReapOutcome, SuspectPage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';

/** Finds runs that may have been lost: overdue leases, and some of the others that were delivered. */
export function suspects(state: StoreState, limit: number, cursor: string): SuspectPage {
  const ids = [...state.leases.upTo(state.now(), limit)];
  const from = Number(cursor);
  let looked = 0;
  let next = '0';
  for (const [runId, { order }] of state.runs) {
    if (order <= from) continue;
    if (state.leases.score(runId) === undefined && state.outbox.score(runId) === undefined) ids.push(runId);
    looked += 1;
    if (looked === limit) {
      next = String(order);
      break;
    }
  }
  return { suspects: ids.flatMap((runId) => suspect(state, runId)), cursor: next };
}

function suspect(state: StoreState, runId: string): DeliveredRun[] {
  const run = state.run(runId);
  return run?.deliveryId ? [{ runId, deliveryId: run.deliveryId, executor: run.executor }] : [];
}

/** Puts a run back into the outbox that nobody will run: neither its worker, nor its queue. */
export function reap(
  state: StoreState,
  { runId, deliveryId }: DeliveredRun,
  leaseMs: number,
  isQueued: boolean,
): ReapOutcome {
  const now = state.now();
  const run = state.run(runId);
  const lease = state.leases.score(runId);
  if (run?.deliveryId !== deliveryId) return 'alive';
  if ((lease !== undefined && lease > now) || state.outbox.score(runId) !== undefined) return 'alive';
  if (isQueued) {
    if (lease !== undefined) state.leases.set(runId, now + leaseMs);
    return 'queued';
  }
  const losses = run.token === null ? run.losses : run.losses + 1;
  state.runs.set(runId, { ...run, deliveryId: null, token: null, losses });
  state.leases.delete(runId);
  state.outbox.set(runId, now);
  return 'reaped';
}
