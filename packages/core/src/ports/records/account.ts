import type { JobFault, StoredJob } from './jobs.js';

/** What is kept of a job, and what there is of it, all of one instant. */
export interface JobAccount {
  readonly now: number;
  /** Since when all of it is there, ms, but for what its first entry says that it has dropped. null if it is not written. */
  readonly from: number | null;
  /** Whether all firing of the store is stopped. */
  readonly paused: boolean;
  /** null if there is none. `openStretches(job.last)` has those of its outcomes that go on. */
  readonly job: StoredJob | JobFault | null;
  /** As docs/decisions/0014-the-account.md has them, oldest first. */
  readonly entries: readonly string[];
  /** How many live runs it counts. */
  readonly instances: number;
  /** Of a job whose `overlap` is not `skip`: its live runs, then the one that waits. */
  readonly runIds: readonly string[];
}

export interface AccountsParams {
  /** At least one. */
  readonly ids: readonly string[];
  /** How many entries are enough. One account may have 100,000. */
  readonly entries: number;
}

export interface RecentParams {
  readonly ids: readonly string[];
  /** How many entries of each account at most, the newest. */
  readonly entries: number;
}

/** The newest entries of a job's account, and its last outcome. */
export interface RecentAccount {
  /** As `StoredJob.last`. */
  readonly last: string | null;
  /** Oldest first. */
  readonly entries: readonly string[];
}

/** A page of what happened to a job store. */
export interface AccountPage {
  readonly from: number | null;
  /** Messages of events, the latest first; at the end `f` and an instant, ms, if those until then were dropped. */
  readonly entries: readonly string[];
  /** null if this was the last page. An entry may be on two pages if something happens meanwhile. */
  readonly cursor: string | null;
}

/** A page of jobs that are gone, and whose accounts are kept. */
export interface GonePage {
  /** Those first that went first; `at`: when, ms. */
  readonly jobs: readonly { readonly id: string; readonly at: number }[];
  /** Nothing is kept of jobs that went until then, ms, but of those that are named; null: of none that is young enough. */
  readonly forgotten: number | null;
  readonly cursor: string | null;
}
