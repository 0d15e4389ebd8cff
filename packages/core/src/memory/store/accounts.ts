import type { AccountLimits } from '../../job/account-limits.js';
import { SortedSet } from '../sorted-set.js';

/** What a job store keeps of what was: lists of entries, oldest first. */
export class Accounts {
  /** By job. */
  readonly jobs = new Map<string, string[]>();
  /** Until when the list of a job is kept, ms. */
  readonly expiries = new Map<string, number>();
  /** Jobs that are gone, by when that was. */
  readonly gone = new SortedSet();
  /** When the newest job was gone of those that were dropped because they were too many, ms. */
  forgotten: number | null = null;
  /** What happened to the store. */
  store: string[] = [];
  /** By job; '' for those of which nothing is said. */
  readonly limits = new Map<string, AccountLimits>();
  /** From when on all members have written the account, ms. */
  from: number | null = null;

  /** The list of a job, as far as it is kept at an instant. */
  listOf(job: string, now: number): string[] {
    if ((this.expiries.get(job) ?? Number.POSITIVE_INFINITY) <= now) this.drop(job);
    return this.jobs.get(job) ?? [];
  }

  drop(job: string): void {
    this.jobs.delete(job);
    this.expiries.delete(job);
  }
}
