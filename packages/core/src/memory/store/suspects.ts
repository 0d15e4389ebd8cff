import type { Suspect, SuspectPage } from '../../ports/term-store.js';
import { isWaiting, read } from './lib/run.js';
import { scan } from './scan.js';
import type { StoreState } from './state.js';

/** Finds runs that may have been lost: those with overdue leases, and some of the others that were delivered or are nowhere. */
export function suspects(state: StoreState, limit: number, cursor: string): SuspectPage {
  const next = scan(state, limit, cursor);
  const idle = next.page
    .map(({ runId }) => runId)
    .filter((runId) => state.leases.score(runId) === undefined && state.outbox.score(runId) === undefined);
  const found: Suspect[] = [];
  const strays: string[] = [];
  const unreadable: string[] = [];
  for (const runId of [...state.leases.upTo(state.upkeepNow(), limit), ...idle]) {
    if (state.runs.get(runId)?.newer) continue;
    const run = read(state, runId);
    if (!run) unreadable.push(runId);
    else if (run.deliveryId) found.push({ runId, deliveryId: run.deliveryId, executor: run.executor });
    else if (!isWaiting(state, run)) strays.push(runId);
  }
  const isMiscounted = cursor === '0' && countsTooMany(state, next.cursor === '0');
  return { suspects: found, strays, unreadable, isMiscounted, cursor: next.cursor };
}

/** Whether the instances count too many runs. If the ledger is one page, it compares job by job; if it is longer, the totals. */
function countsTooMany(state: StoreState, isOnePage: boolean): boolean {
  const counts = [...state.instances];
  const runs = [...state.runs.values()];
  if (isOnePage && !runs.some(({ newer }) => newer)) {
    const counted = new Map<string | null, number>();
    for (const run of runs) {
      if (!run.damaged && !isWaiting(state, run)) counted.set(run.jobId, (counted.get(run.jobId) ?? 0) + 1);
    }
    if (counts.some(([jobId, count]) => count > (counted.get(jobId) ?? 0))) return true;
  }
  return counts.reduce((sum, [, count]) => sum + count, 0) > runs.length;
}
