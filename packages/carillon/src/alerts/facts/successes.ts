import type { CarillonEvent } from '@carillon/core';
import type { JobRecords } from '@carillon/core/internal';
import type { RuleOf } from '../check.js';
import { isAbout } from '../pattern.js';
import type { Unsuccessful } from '../rules/looks.js';
import { factsOf, type JobCache, type JobFacts } from './job-cache.js';

/** The most jobs of one job store whose successes are watched. */
const MOST_WATCHED = 10_000;
const AT_ONCE = 1_000;

/** Since when jobs that never succeeded are known, by id. */
interface FirstSeen {
  get(jobId: string): number | undefined;
  set(jobId: string, at: number): void;
  delete(jobId: string): void;
}

/** When the jobs of `no_success` rules last succeeded: read once, and then updated by events. */
export class Successes {
  readonly #records: Pick<JobRecords, 'list'>;
  readonly #rules: readonly RuleOf<'no_success'>[];
  readonly #jobs: JobCache;
  readonly #firstSeen: FirstSeen;
  readonly #watched = new Map<string, Unsuccessful>();
  /** The number of jobs for which there was no room. */
  left = 0;

  constructor(parts: {
    readonly records: Pick<JobRecords, 'list'>;
    readonly rules: readonly RuleOf<'no_success'>[];
    readonly jobs: JobCache;
    readonly firstSeen: FirstSeen;
  }) {
    this.#records = parts.records;
    this.#rules = parts.rules;
    this.#jobs = parts.jobs;
    this.#firstSeen = parts.firstSeen;
  }

  get all(): readonly Unsuccessful[] {
    return [...this.#watched.values()];
  }

  /** Reads all jobs, a page at a time. */
  async load(): Promise<void> {
    this.#watched.clear();
    this.left = 0;
    if (this.#rules.length === 0) return;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<JobRecords['list']>> = await this.#records.list({ limit: AT_ONCE, cursor });
      for (const job of page.jobs) this.#watch(job.id, factsOf(job), page.now);
      cursor = page.cursor;
    } while (cursor !== null);
  }

  /** Requires that the cache has the job of the event. */
  see(event: CarillonEvent): void {
    if (!('jobId' in event) || event.jobId === null) return;
    const { jobId } = event;
    const at = event.at.getTime();
    switch (event.type) {
      case 'job_removed':
        this.#watched.delete(jobId);
        this.#firstSeen.delete(jobId);
        return;
      case 'job_added':
      case 'job_modified':
        this.#watch(jobId, this.#jobs.get(jobId), at);
        return;
      case 'job_executed':
        this.#update(jobId, { since: at, didOnce: true, lastFailed: null });
        return;
      case 'job_error':
        this.#update(jobId, { lastFailed: event.scheduledRunTime.getTime() });
        return;
      default:
    }
  }

  #update(jobId: string, change: Partial<Unsuccessful>): void {
    const known = this.#watched.get(jobId);
    if (!known) return;
    this.#watched.set(jobId, { ...known, ...change });
    if (change.didOnce) this.#firstSeen.delete(jobId);
  }

  #watch(jobId: string, facts: JobFacts | null, now: number): void {
    const known = this.#watched.get(jobId);
    this.#watched.delete(jobId);
    if (!facts || !this.#rules.some((rule) => isAbout(rule, { jobId, ...facts }))) return;
    if (this.#watched.size >= MOST_WATCHED) {
      this.left += 1;
      return;
    }
    const { task, executor, succeededAt, lastFailed } = facts;
    if (succeededAt !== null) this.#firstSeen.delete(jobId);
    const since = succeededAt ?? (known?.didOnce ? known.since : this.#seen(jobId, now));
    const didOnce = succeededAt !== null || known?.didOnce === true;
    this.#watched.set(jobId, { jobId, task, executor, since, didOnce, lastFailed });
  }

  #seen(jobId: string, now: number): number {
    const at = this.#firstSeen.get(jobId) ?? now;
    this.#firstSeen.set(jobId, at);
    return at;
  }
}
