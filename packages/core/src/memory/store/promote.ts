import { admit } from './admit.js';
import { hasRoom } from './instances.js';
import type { StoreState } from './state.js';

/** Admits the run of a job that waits, if there is room for it now. */
export function promote(state: StoreState, jobId: string, now: number): void {
  const runId = state.waiting.get(jobId);
  if (runId === undefined) return;
  const run = state.run(runId);
  if (run && !hasRoom(state, run)) return;
  state.waiting.delete(jobId);
  if (!run) {
    // In the outbox the leader finds that it cannot be read.
    state.outbox.set(runId, now);
    return;
  }
  admit(state, run, now);
  state.wake(now);
}
