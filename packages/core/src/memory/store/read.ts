import type { JobReading } from '../../ports/job-records.js';
import type { StoreState } from './state.js';
import { storedJobAndLast } from './stored-job.js';

/** Reads jobs, with the data on which their changes depend. */
export function read(state: StoreState, ids: readonly string[]): JobReading {
  const now = state.now();
  const tombstones = ids.map((id) => state.tombstones.get(id, now) ?? null);
  return { now, jobs: ids.map((id) => storedJobAndLast(state, id)), tombstones };
}
