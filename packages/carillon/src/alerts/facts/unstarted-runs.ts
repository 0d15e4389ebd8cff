import type { CarillonEvent } from '@carillon/core';
import type { JobRecords } from '@carillon/core/internal';
import type { Unstarted } from '../rules/looks.js';
import { factsOf, type JobCache } from './job-cache.js';

/** The most runs of one job store that are watched until they begin. */
const MOST = 20_000;
const AT_ONCE = 200;
/** The most due jobs that are read, those that are due first. */
const MOST_DUE = 1_000;

/** Owed runs that have not begun, from events, and due jobs that have no run yet. */
export class UnstartedRuns {
  readonly #records: Pick<JobRecords, 'liveRuns' | 'runs' | 'list'>;
  readonly #jobs: JobCache;
  readonly #runs = new Map<string, Unstarted>();

  constructor(records: Pick<JobRecords, 'liveRuns' | 'runs' | 'list'>, jobs: JobCache) {
    this.#records = records;
    this.#jobs = jobs;
  }

  /** Reads the owed runs. */
  async load(): Promise<void> {
    this.#runs.clear();
    let cursor = '0';
    do {
      const page = await this.#records.liveRuns({ jobId: null, cursor });
      for (let from = 0; from < page.runIds.length; from += AT_ONCE)
        await this.#loadRuns(page.runIds.slice(from, from + AT_ONCE));
      cursor = page.cursor;
    } while (cursor !== '0' && this.#runs.size < MOST);
  }

  /** Returns the run whose beginning an event reports. */
  see(event: CarillonEvent): Unstarted | undefined {
    if (event.type === 'job_submitted') {
      const { runId, jobId, task, scheduledRunTimes, asked } = event;
      const fireTime = scheduledRunTimes[0]?.getTime() ?? event.at.getTime();
      const job = jobId === null ? null : this.#jobs.get(jobId);
      const dueAt = asked ? fireTime : (job?.dueOf(fireTime) ?? fireTime);
      const one = { jobId, task, executor: job?.executor ?? null, runId, fireTime, dueAt };
      if (this.#runs.size < MOST) this.#runs.set(runId, one);
      return undefined;
    }
    if (!('runId' in event) || event.runId === null) return undefined;
    const begun = this.#runs.get(event.runId);
    this.#runs.delete(event.runId);
    return event.type === 'job_started' ? begun : undefined;
  }

  /** Returns the fire times that were due before an instant, ms, and have not begun. */
  async dueBefore(instant: number): Promise<readonly Unstarted[]> {
    const unclaimed: Unstarted[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<JobRecords['list']>> = await this.#records.list({ limit: AT_ONCE, cursor });
      cursor = page.cursor;
      for (const job of page.jobs) {
        if (job.pending === null || !(job.pending.dueAt < instant) || unclaimed.length >= MOST_DUE)
          return this.#with(unclaimed, instant);
        const facts = factsOf(job);
        const { fireTime, dueAt } = job.pending;
        const [task, executor] = [facts?.task ?? null, facts?.executor ?? null];
        unclaimed.push({ jobId: job.id, task, executor, runId: null, fireTime, dueAt });
      }
    } while (cursor !== null);
    return this.#with(unclaimed, instant);
  }

  #with(unclaimed: readonly Unstarted[], instant: number): readonly Unstarted[] {
    return [...unclaimed, ...[...this.#runs.values()].filter(({ dueAt }) => dueAt < instant)];
  }

  async #loadRuns(runIds: readonly string[]): Promise<void> {
    const readings = await this.#records.runs(runIds);
    for (const { live } of readings) {
      if (!live || live.run.done > 0 || live.run.starts > 0) continue;
      const { runId, jobId, task, executor, fires } = live.run;
      const { fireTime = 0, dueAt = 0 } = fires[0] ?? {};
      this.#runs.set(runId, { jobId, task: task || null, executor, runId, fireTime, dueAt });
    }
  }
}
