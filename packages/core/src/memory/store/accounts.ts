import type { AccountLimits } from '../../job/account-limits.js';
import { SortedSet } from '../sorted-set.js';

/** The accounts of a job store: lists of entries, oldest first. */
export class Accounts {
  /** The entries of each job. */
  readonly jobs = new Map<string, string[]>();
  /** Until when the list of a job is kept, ms. */
  readonly expiries = new Map<string, number>();
  /** Jobs that are gone, by the time at which they were removed. */
  readonly gone = new SortedSet();
  /** When the newest of the forgotten jobs was removed, ms. Jobs are forgotten when too many are gone. */
  forgotten: number | null = null;
  /** The events of the store as a whole. */
  store: string[] = [];
  /** Limits by job; '' for jobs without limits of their own. */
  readonly limits = new Map<string, AccountLimits>();
  /** The time from which on all members have written the account, ms. */
  from: number | null = null;

  /** The list of a job that is still kept at an instant. */
  listOf(job: string, now: number): string[] {
    if ((this.expiries.get(job) ?? Number.POSITIVE_INFINITY) <= now) this.drop(job);
    return this.jobs.get(job) ?? [];
  }

  drop(job: string): void {
    this.jobs.delete(job);
    this.expiries.delete(job);
  }
}
