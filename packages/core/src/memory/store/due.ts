import type { DuePage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

const ENOUGH_LENGTH = 4 * 1024 * 1024;

/** Reads a page of due jobs and when there is more to do. Records of 4 MiB are enough for a page. */
export function due(state: StoreState, limit: number): DuePage {
  const now = state.now();
  const outboxAt = state.outbox.scoreAt(0);
  if (state.paused) return { now, paused: true, jobs: [], nextDueAt: null, outboxAt };
  const ids = state.schedule.upTo(now, limit);
  const jobs: NonNullable<ReturnType<typeof storedJob>>[] = [];
  let length = 0;
  let count = 0;
  for (; count < ids.length && length < ENOUGH_LENGTH; count++) {
    const job = storedJob(state, ids[count] ?? '');
    if (job) jobs.push(job);
    if (job && 'json' in job) length += job.json.length;
  }
  return { now, paused: false, jobs, nextDueAt: state.schedule.scoreAt(count), outboxAt };
}
