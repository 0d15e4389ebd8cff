import type { HeldRun } from '../../ports/ledger.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Puts unfinished runs back, to be delivered again after a delay. A run that is to be cancelled goes back without a delay. */
export function handBack(state: StoreState, held: readonly HeldRun[], delayMs: number): void {
  const now = state.now();
  for (const { runId, token } of held) {
    const run = read(state, runId);
    if (!run || (run.token ?? run.deliveryId) !== token) continue;
    const from = run.cancelled ? now : now + delayMs;
    life.putBack(state, run, from);
    state.wake(from);
  }
}
