import type { DuePage } from '../../ports/term-store.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

/** How many characters of records fill a page. */
export const ENOUGH_LENGTH = 4 * 1024 * 1024;
const MOST_NEWER = 100;

/**
 * Reads a page of due jobs, and when there is more to do. If more jobs are due than fit on a page, half of the page has those that came due last,
 * so that these do not wait for all the others. Records of 4 MiB in total fill a page.
 */
export function due(state: StoreState, limit: number): DuePage {
  const now = state.now();
  const outboxAt = state.outbox.scoreAt(0);
  const hasLedger = outboxAt !== null || state.runs.size + state.leases.size + state.instances.size > 0;
  if (state.paused) {
    return { now, paused: true, jobs: [], newer: [], nextDueAt: null, outboxAt, isOwing: hasLedger };
  }
  const jobs: NonNullable<ReturnType<typeof storedJob>>[] = [];
  const newer: string[] = [];
  const seen = new Set<string>();
  let length = 0;
  const isFull = () => jobs.length >= limit || length >= ENOUGH_LENGTH;
  /** Adds jobs to the page. Returns how many it looked at. */
  const addPage = (ids: readonly string[]): number => {
    for (const [at, id] of ids.entries()) {
      if (isFull()) return at;
      const job = seen.has(id) ? null : storedJob(state, id);
      seen.add(id);
      if (job && 'why' in job && job.newer) newer.push(id);
      else if (job) jobs.push(job);
      if (job && 'json' in job) length += job.json.length;
    }
    return ids.length;
  };
  const page = duePage(state, now, limit);
  let looked = addPage(page);
  // Jobs whose records are newer than this release reads take no place of other jobs.
  if (newer.length > 0 && page.length === limit && !isFull())
    looked = addPage(state.schedule.upTo(now, state.schedule.size));
  const nextDueAt = state.schedule.scoreAt(looked);
  const isOwing = hasLedger || jobs.length > 0;
  return { now, paused: false, jobs, newer: newer.slice(0, MOST_NEWER), nextDueAt, outboxAt, isOwing };
}

function duePage({ schedule }: StoreState, now: number, limit: number): readonly string[] {
  const oldest = schedule.upTo(now, limit);
  const beyond = schedule.scoreAt(limit);
  if (oldest.length < limit || beyond === null || beyond > now) return oldest;
  const newest = schedule.downFrom(now, Math.floor(limit / 2));
  // The oldest and the newest take turns, so that both are on the page where the records are large.
  return oldest.map((_, at) => (at % 2 === 0 ? oldest[at / 2] : newest[(at - 1) / 2]) ?? '');
}
