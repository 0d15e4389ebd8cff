import type { DuePage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

const MOST = 500;

/** Reads jobs that are due soon. */
export function upcoming(state: StoreState, withinMs: number): Pick<DuePage, 'jobs' | 'now'> {
  const now = state.now();
  const ids = state.paused ? [] : state.schedule.after(now + 1, '', MOST);
  const soon = ids.filter((id) => (state.schedule.score(id) ?? 0) <= now + withinMs);
  return { now, jobs: soon.flatMap((id) => storedJob(state, id) ?? []) };
}
