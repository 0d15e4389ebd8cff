import type { GonePage } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

/** Finds jobs that are gone and still have an account. The job that was removed first is the first. */
export function goneJobs({ accounts }: StoreState, before: number, limit: number): GonePage {
  const { gone, forgotten } = accounts;
  const ids = gone.upTo(Number.POSITIVE_INFINITY, gone.size).slice(before, before + limit);
  const jobs = ids.map((id) => ({ id, at: gone.score(id) ?? 0 }));
  return { jobs, forgotten, cursor: ids.length < limit ? null : String(before + limit) };
}
