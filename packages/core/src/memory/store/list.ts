import { InvalidJobError } from '../../errors.js';
import type { JobFault, JobPage, StoredJob } from '../../ports/job-records.js';
import type { StoreState } from './state.js';
import { storedJobAndLast } from './stored-job.js';

/** The place where a page begins: after the scheduled job that was listed last, or after the paused one. */
export type Begin =
  | { readonly part: 'scheduled'; readonly dueAt: number; readonly id: string }
  | { readonly part: 'paused'; readonly order: number };

export const FIRST: Begin = { part: 'scheduled', dueAt: Number.NEGATIVE_INFINITY, id: '' };

/** Reads one page of jobs: scheduled ones by due instant, then paused ones in the order in which they were added. */
export function list(state: StoreState, limit: number, cursor: string | null): JobPage {
  const now = state.now();
  const begin = cursor === null ? FIRST : decodeCursor(cursor);
  const jobs: (StoredJob | JobFault)[] = [];
  const add = (id: string) => {
    const job = storedJobAndLast(state, id);
    if (job) jobs.push(job);
  };
  if (begin.part === 'scheduled') {
    const ids = state.schedule.after(begin.dueAt, begin.id, limit);
    for (const id of ids) add(id);
    const last = ids[limit - 1];
    if (last !== undefined) {
      const dueAt = state.schedule.score(last) ?? 0;
      return { now, jobs, cursor: encodeCursor({ part: 'scheduled', dueAt, id: last }) };
    }
  }
  let order = begin.part === 'paused' ? begin.order : 0;
  for (const [id, record] of pausedAfter(state, order)) {
    if (jobs.length === limit) return { now, jobs, cursor: encodeCursor({ part: 'paused', order }) };
    add(id);
    order = record.order;
  }
  return { now, jobs, cursor: null };
}

export function pausedAfter(state: StoreState, order: number) {
  const paused = [...state.jobs].filter(([id, job]) => job.order > order && state.schedule.score(id) === undefined);
  return paused.sort(([, one], [, other]) => one.order - other.order);
}

export function encodeCursor(begin: Begin): string {
  return Buffer.from(JSON.stringify(begin)).toString('base64url');
}

/** @throws InvalidJobError if no page gave this cursor. */
export function decodeCursor(cursor: string): Begin {
  try {
    const begin = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Partial<Record<string, unknown>>;
    if (begin.part === 'scheduled' && typeof begin.dueAt === 'number' && typeof begin.id === 'string') {
      return { part: 'scheduled', dueAt: begin.dueAt, id: begin.id };
    }
    if (begin.part === 'paused' && typeof begin.order === 'number') return { part: 'paused', order: begin.order };
  } catch {
    // It is not a cursor; the error follows.
  }
  throw new InvalidJobError(`cursor: ${JSON.stringify(cursor)} is not one that getJobs gave`);
}
