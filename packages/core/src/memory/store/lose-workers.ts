import { forgetWorker } from './lib/workers.js';
import type { StoreState } from './state.js';

const MOST_AT_ONCE = 100;

/** Forgets workers that have been silent for too long, and returns their ids. */
export function loseWorkers(state: StoreState, silentMs: number): readonly string[] {
  const lost = state.workers.upTo(state.upkeepNow() - silentMs, MOST_AT_ONCE);
  for (const workerId of lost) forgetWorker(state, workerId, 'lost');
  return lost;
}
