import type { UpcomingPage, UpcomingParams } from '../../ports/term-store.js';
import { ENOUGH_LENGTH } from './due.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

/**
 * Reads a page of jobs that are due soon, by due instant, so that a leader knows them once they are due. Records of 4 MiB in total fill a page.
 * Jobs that a newer release wrote are left out.
 */
export function upcoming(state: StoreState, { withinMs, after, limit }: UpcomingParams): UpcomingPage {
  const now = state.now();
  const latest = now + withinMs;
  const { dueAt, id } = after ?? { dueAt: now + 1, id: '' };
  // If that job has moved, the page begins with the first job of that instant.
  const isThere = state.schedule.score(id) === dueAt;
  const ids = state.paused ? [] : state.schedule.after(dueAt, isThere ? id : '', limit + 1);
  const jobs: NonNullable<ReturnType<typeof storedJob>>[] = [];
  let last: UpcomingPage['last'] = null;
  let length = 0;
  for (const [at, id] of ids.entries()) {
    const dueAt = state.schedule.score(id) ?? 0;
    if (dueAt > latest) break;
    if (at === limit || length >= ENOUGH_LENGTH) return { now, jobs, last };
    const job = storedJob(state, id);
    if (job && !('why' in job && job.newer)) jobs.push(job);
    if (job && 'json' in job) length += job.json.length;
    last = { dueAt, id };
  }
  return { now, jobs, last: null };
}
