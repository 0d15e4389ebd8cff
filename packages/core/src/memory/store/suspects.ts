import type { DeliveredRun, SuspectPage } from '../../ports/term-store.js';
import { isWaiting, read } from './lib/run.js';
import { scan } from './scan.js';
import type { StoreState } from './state.js';

/** Finds runs that may have been lost: overdue leases, and some of the others that were delivered, or are nowhere. */
export function suspects(state: StoreState, limit: number, cursor: string): SuspectPage {
  const next = scan(state, limit, cursor);
  const idle = next.page
    .map(({ runId }) => runId)
    .filter((runId) => state.leases.score(runId) === undefined && state.outbox.score(runId) === undefined);
  const found: DeliveredRun[] = [];
  const strays: string[] = [];
  const unreadable: string[] = [];
  for (const runId of [...state.leases.upTo(state.upkeepNow(), limit), ...idle]) {
    if (state.runs.get(runId)?.newer) continue;
    const run = read(state, runId);
    if (!run) unreadable.push(runId);
    else if (run.deliveryId) found.push({ runId, deliveryId: run.deliveryId, executor: run.executor });
    else if (!isWaiting(state, run)) strays.push(runId);
  }
  return { suspects: found, strays, unreadable, cursor: next.cursor };
}
