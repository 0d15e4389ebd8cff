import { whyNewer } from '../../newer.js';
import type { JobFault, StoredJob } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

/** The version of the records that `MemoryCluster.damage` makes newer. */
const NEWER = 9;

/** Returns a job in the form that its readers get, without its last outcome. */
export function storedJob(state: StoreState, id: string): StoredJob | JobFault | null {
  const record = state.jobs.get(id);
  const dueAt = state.schedule.score(id);
  const pending = dueAt === undefined ? null : { fireTime: state.cursor.get(id) ?? dueAt, dueAt };
  if (!record) return pending && { id, rev: null, why: 'it has a next run time and no record', pending };
  if (record.damaged && record.newer) return { id, rev: null, why: whyNewer(NEWER), pending, newer: true };
  if (record.damaged) return { id, rev: null, why: 'its header cannot be read', pending };
  const { rev, generation, digest, json } = record;
  return { id, rev, generation, digest, json, pending, last: null };
}

/** Returns a job in that form, with its last outcome. */
export function storedJobAndLast(state: StoreState, id: string): StoredJob | JobFault | null {
  const job = storedJob(state, id);
  return job && !('why' in job) ? { ...job, last: state.last.get(id) ?? null } : job;
}
