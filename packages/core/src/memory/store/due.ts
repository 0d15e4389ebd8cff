import type { DuePage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

const ENOUGH_LENGTH = 4 * 1024 * 1024;

/**
 * Reads a page of due jobs and when there is more to do. Where more are due than a page takes, half of it are those that came due last,
 * so that these do not wait for all the others. Records of 4 MiB are enough for a page.
 */
export function due(state: StoreState, limit: number): DuePage {
  const now = state.now();
  const outboxAt = state.outbox.scoreAt(0);
  if (state.paused) return { now, paused: true, jobs: [], nextDueAt: null, outboxAt };
  const ids = duePage(state, now, limit);
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

function duePage({ schedule }: StoreState, now: number, limit: number): readonly string[] {
  const oldest = schedule.upTo(now, limit);
  const beyond = schedule.scoreAt(limit);
  if (oldest.length < limit || beyond === null || beyond > now) return oldest;
  const newest = schedule.downFrom(now, Math.floor(limit / 2));
  // By turns, so that both are there where the records are large.
  return oldest.map((_, at) => (at % 2 === 0 ? oldest[at / 2] : newest[(at - 1) / 2]) ?? '');
}
