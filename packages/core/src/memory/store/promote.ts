import { admit } from './admit.js';
import { hasRoom } from './instances.js';
import type { StoreState } from './state.js';

/** Admits the waiting run of a job if there is room. One that cannot be read goes where the leader finds it. */
export function promote(state: StoreState, jobId: string, now: number): void {
  const runId = state.waiting.get(jobId);
  if (runId === undefined) return;
  const run = state.run(runId);
  if (run && !hasRoom(state, run)) return;
  state.waiting.delete(jobId);
  if (run) admit(state, run, now);
  else state.outbox.set(runId, now);
  state.wake(now);
}
