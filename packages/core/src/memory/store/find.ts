import { hasTraces, type Traces, tracesOf } from '../../job/filter.js';
import { decodeLastRun } from '../../job/last-run.js';
import type { JobMatch } from '../../ports/job-match.js';
import type { FindParams, JobFault, JobPage, StoredJob } from '../../ports/job-records.js';
import { decodeCursor, encodeCursor, FIRST, pausedAfter } from './list.js';
import type { StoreState } from './state.js';
import { storedJobAndLast } from './stored-job.js';

/** Reads a page of the jobs that may match, in the order of `list`. It looks at a bounded number of jobs. */
export function find(state: StoreState, { match, limit, looks, cursor }: FindParams): JobPage {
  const now = state.now();
  const begin = cursor === null ? FIRST : decodeCursor(cursor);
  const traces = tracesOf(match);
  const jobs: (StoredJob | JobFault)[] = [];
  let left = looks;
  const look = (id: string) => {
    left -= 1;
    const job = mayBe(state, match, traces, id) ? storedJobAndLast(state, id) : null;
    if (job) jobs.push(job);
  };
  if (begin.part === 'scheduled' && match.state !== 'paused') {
    const before = match.dueBefore ?? Number.POSITIVE_INFINITY;
    const ids = state.schedule.after(begin.dueAt, begin.id, left + 1).filter((id) => dueAtOf(state, id) < before);
    for (const [place, id] of ids.entries()) {
      look(id);
      const isLast = place === ids.length - 1;
      if (!isLast && (jobs.length === limit || left === 0)) {
        return { now, jobs, cursor: encodeCursor({ part: 'scheduled', dueAt: dueAtOf(state, id), id }) };
      }
    }
  }
  if (match.dueBefore !== null || match.state === 'scheduled') return { now, jobs, cursor: null };
  let order = begin.part === 'paused' ? begin.order : 0;
  for (const [id, record] of pausedAfter(state, order)) {
    if (jobs.length === limit || left === 0) return { now, jobs, cursor: encodeCursor({ part: 'paused', order }) };
    look(id);
    order = record.order;
  }
  return { now, jobs, cursor: null };
}

const dueAtOf = (state: StoreState, id: string) => state.schedule.score(id) ?? 0;

function mayBe(state: StoreState, match: JobMatch, traces: Traces, id: string): boolean {
  const record = state.jobs.get(id);
  if (!record) return false;
  // Nothing is left of a damaged record. The record of a newer release may have any content.
  const json = record.damaged ? (record.newer ? null : '') : record.json;
  if (json !== null && !hasTraces(traces, id, json)) return false;
  const outcome = decodeLastRun(state.last.get(id) ?? null)?.outcome ?? 'none';
  if (match.lastOutcome !== null && outcome !== match.lastOutcome) return false;
  return match.state !== 'running' || (state.instances.get(id) ?? 0) > 0;
}
