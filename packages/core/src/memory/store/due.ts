import type { DuePage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

/** Reads a page of due jobs and when there is more to do. */
export function due(state: StoreState, limit: number): DuePage {
  const now = state.now();
  const outboxAt = state.outbox.scoreAt(0);
  if (state.paused) return { now, paused: true, jobs: [], nextDueAt: null, outboxAt };
  const ids = state.schedule.upTo(now, limit);
  const jobs = ids.flatMap((id) => storedJob(state, id) ?? []);
  return { now, paused: false, jobs, nextDueAt: state.schedule.scoreAt(ids.length), outboxAt };
}
