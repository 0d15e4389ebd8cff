import { leave } from './leave.js';
import type { StoreState } from './state.js';

const MOST_AT_ONCE = 100;

/** Forgets workers that have been silent for too long. Answers which. */
export function loseWorkers(state: StoreState, silentMs: number): readonly string[] {
  const now = state.now();
  const lost = state.workers.upTo(state.upkeepNow() - silentMs, MOST_AT_ONCE);
  for (const workerId of lost) {
    leave(state, workerId);
    const body = `"jobStore":${JSON.stringify(state.alias)},"workerId":${JSON.stringify(workerId)}`;
    state.publish(now, { type: 'worker_lost', body });
  }
  return lost;
}
