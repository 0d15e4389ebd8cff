import type { EveryJobPage } from '../../ports/job-records.js';
import type { StoreState } from './state.js';
import { storedJob } from './stored-job.js';

/** Reads all jobs, in one page. */
export function everyJob(state: StoreState): EveryJobPage {
  const jobs = [...state.jobs.keys()].flatMap((id) => storedJob(state, id) ?? []);
  return { jobs: jobs.map((job) => ({ ...job, pending: null })), cursor: '0' };
}
