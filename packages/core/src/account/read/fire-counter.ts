import type { JobRecords } from '../../ports/job-records.js';
import type { JobStore } from '../../ports/job-store.js';
import { countsOf, type FireCounts, mayOwe } from '../counts/fire-counts.js';
import { clockChangesIn } from '../counts/zone-clock.js';
import { zoneOfJob } from '../explain/subject.js';
import type { Timeline } from '../timeline.js';
import { AccountReader } from './account-reader.js';
import { RunDetails } from './run-details.js';
import { RunLog } from './run-log.js';

interface Period {
  readonly from: number;
  readonly to: number;
}

/** Counts the fire times of jobs by buckets. It reads the account of a job, and the runs that the job may owe. */
export class FireCounter {
  readonly #alias: string;
  readonly #records: JobRecords;

  constructor({ alias, records }: JobStore) {
    this.#alias = alias;
    this.#records = records;
  }

  /** Returns the counts of a job; null if nothing is known of it. @param periodOf returns the period to count, ms */
  async count(jobId: string, periodOf: (timeline: Timeline) => Period, most: number): Promise<FireCounts | null> {
    const timeline = await new AccountReader(this.#records).job(jobId);
    const { revisions, outcomes, pending, unreadable, now, speaksFrom } = timeline;
    const isKnown = pending || !outcomes.isEmpty || revisions.length > 0 || unreadable.length > 0;
    if (!isKnown) return null;
    const { from, to } = periodOf(timeline);
    const bucketMs = Math.ceil((to - from) / most);
    const owed = mayOwe(timeline, from) ? await this.#owed(timeline, from, to) : [];
    return {
      ...{ jobId, jobStore: this.#alias, from: new Date(from), to: new Date(to), now: new Date(now), bucketMs },
      buckets: countsOf(timeline, { from, to, bucketMs }, owed),
      clockChanges: clockChangesIn(zoneOfJob(timeline), from, to),
      speaksFrom: Number.isFinite(speaksFrom) ? new Date(speaksFrom) : null,
      unreadable,
    };
  }

  /** The fire times of owed runs that have no outcome yet; ms. */
  async #owed(timeline: Timeline, from: number, to: number): Promise<readonly number[]> {
    const log = new RunLog(this.#records, timeline.id, timeline.now, 0);
    const details = new RunDetails({ jobStore: this.#alias, records: this.#records, timeline, log });
    const owed = (await details.liveRuns()).flatMap((run) => {
      const settled = new Set(run.executions.map(({ scheduledRunTime }) => scheduledRunTime.getTime()));
      return run.scheduledRunTimes.map((at) => at.getTime()).filter((at) => !settled.has(at));
    });
    return owed.filter((at) => at >= from && at < to);
  }
}
