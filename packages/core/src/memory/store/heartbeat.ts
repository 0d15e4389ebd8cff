import { type Formats, WORKER_ALIVE_MS } from '../../format.js';
import type { HeartbeatParams } from '../../ports/ledger.js';
import * as life from './lib/life.js';
import { showReader } from './lib/readers.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/**
 * Renews a worker's leases, and shows that it lives and which formats it reads. Returns whether the worker is known, which runs it no longer holds,
 * and which runs are to be cancelled.
 */
export function heartbeat(state: StoreState, formats: Formats, { worker, leaseMs, held }: HeartbeatParams) {
  const now = state.upkeepNow();
  showReader(state, formats, `worker ${worker.workerId}`, WORKER_ALIVE_MS);
  const isKnown = state.workers.score(worker.workerId) !== undefined;
  if (isKnown) {
    state.workers.set(worker.workerId, now);
    state.workersInfo.set(worker.workerId, worker.json);
  }
  const refused: string[] = [];
  const cancelled: string[] = [];
  for (const { runId, token } of held) {
    const run = read(state, runId);
    if (run?.token !== token) {
      refused.push(runId);
      continue;
    }
    life.renew(state, runId, now + leaseMs);
    if (run.cancelled) cancelled.push(runId);
  }
  return { isKnown, refused, cancelled };
}
