import { JobNotFoundError } from '../../errors.js';
import type { JobRecords } from '../../ports/job-records.js';
import type { JobStore } from '../../ports/job-store.js';
import { auditOf, type Finding } from '../audit.js';
import type { FireOutcome } from '../recorded.js';
import type { Timeline } from '../timeline.js';
import { AccountReader } from './account-reader.js';
import { RunDetails } from './run-details.js';
import { RunLog } from './run-log.js';

/** Consecutive fire times of a job with the same fault. */
export interface AuditFinding {
  readonly jobId: string;
  /**
   * `unaccounted`: they should have an outcome, and have none. `double`: they have several. `not_named`: they have one, and no
   * revision of the job has these fire times.
   */
  readonly kind: Finding['kind'];
  readonly first: Date;
  readonly last: Date;
  readonly count: number;
  /** The outcomes that are recorded. */
  readonly outcomes: readonly FireOutcome[];
}

export interface AuditReport {
  readonly jobStore: string;
  /** The period whose fire times were compared, from the earliest to the latest requested instant. */
  readonly from: Date | null;
  readonly to: Date;
  /** The instant from which on the accounts of all these jobs are complete; null if nothing is recorded. */
  readonly speaksFrom: Date | null;
  readonly jobs: number;
  readonly fireTimes: number;
  /** The findings, at most 10,000. */
  readonly findings: readonly AuditFinding[];
  /** How many fire times have a fault, including those beyond the limit of `findings`. */
  readonly found: number;
  /** Jobs whose account cannot be read completely, at most 1,000. */
  readonly unreadable: readonly { readonly jobId: string; readonly why: string }[];
}

const MOST_FINDINGS = 10_000;
const MOST_UNREADABLE = 1_000;
const JOBS_AT_ONCE = 500;

interface Totals {
  jobs: number;
  fireTimes: number;
  found: number;
  latest: number;
  speaksFrom: number;
  readonly findings: AuditFinding[];
  readonly unreadable: { jobId: string; why: string }[];
}

export interface AuditParams {
  /** ms; null means from the beginning of the account on. */
  readonly from: number | null;
  /** ms; null means up to now. */
  readonly to: number | null;
  /** null means all jobs, also those that are gone. */
  readonly jobs: readonly string[] | null;
}

/** Compares the fire times of jobs with the recorded outcomes, job by job. Accounts are read a page of jobs at a time. */
export class AccountAuditor {
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #reader: AccountReader;

  constructor({ alias, records }: JobStore) {
    this.#alias = alias;
    this.#records = records;
    this.#reader = new AccountReader(this.#records);
  }

  async audit({ from, to, jobs }: AuditParams): Promise<AuditReport> {
    const totals: Totals = {
      jobs: 0,
      fireTimes: 0,
      found: 0,
      latest: 0,
      speaksFrom: Number.NEGATIVE_INFINITY,
      findings: [],
      unreadable: [],
    };
    if (jobs) for (const jobId of jobs) await this.#named(jobId, { from, to }, totals);
    else await this.#all({ from, to }, totals);
    const { findings, found, fireTimes, unreadable, speaksFrom, latest } = totals;
    return {
      jobStore: this.#alias,
      from: dateOr(from),
      to: new Date(to === null ? latest : Math.min(to, latest)),
      speaksFrom: Number.isFinite(speaksFrom) ? new Date(speaksFrom) : null,
      jobs: totals.jobs,
      fireTimes,
      findings,
      found,
      unreadable,
    };
  }

  async #all(period: Pick<AuditParams, 'from' | 'to'>, totals: Totals): Promise<void> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<JobRecords['list']>> = await this.#records.list({
        limit: JOBS_AT_ONCE,
        cursor,
      });
      totals.latest = Math.max(totals.latest, page.now);
      await this.#page(page.jobs, period, totals);
      cursor = page.cursor;
    } while (cursor !== null);
    do {
      const page: Awaited<ReturnType<JobRecords['goneJobs']>> = await this.#records.goneJobs({
        limit: JOBS_AT_ONCE,
        cursor,
      });
      await this.#page(page.jobs, period, totals);
      cursor = page.cursor;
    } while (cursor !== null);
  }

  async #named(jobId: string, period: Pick<AuditParams, 'from' | 'to'>, totals: Totals): Promise<void> {
    const timeline = await this.#reader.job(jobId);
    const { revisions, outcomes, quarantined, unreadable, pending } = timeline;
    const isKnown =
      pending || !outcomes.isEmpty || [revisions, quarantined, unreadable].some(({ length }) => length > 0);
    if (!isKnown) throw new JobNotFoundError(jobId, this.#alias);
    await this.#ofTimeline(timeline, period, totals);
  }

  async #page(
    jobs: readonly { readonly id: string }[],
    period: Pick<AuditParams, 'from' | 'to'>,
    totals: Totals,
  ): Promise<void> {
    const ids = jobs.map(({ id }) => id);
    for await (const timeline of this.#reader.jobs(ids)) await this.#ofTimeline(timeline, period, totals);
  }

  async #ofTimeline(timeline: Timeline, period: Pick<AuditParams, 'from' | 'to'>, totals: Totals): Promise<void> {
    const jobId = timeline.id;
    const { now, speaksFrom, knownFrom, unreadable } = timeline;
    totals.jobs += 1;
    totals.latest = Math.max(totals.latest, now);
    totals.speaksFrom = Math.max(totals.speaksFrom, speaksFrom, knownFrom);
    for (const why of unreadable)
      if (totals.unreadable.length < MOST_UNREADABLE) totals.unreadable.push({ jobId, why });
    const found = new Findings(jobId);
    totals.fireTimes += await this.#compare(timeline, period, (finding) => found.add(finding));
    if (found.count === 0) return;
    // A run may be owed, or may have been settled only now.
    const confirmed = await this.#confirmed(timeline, period, found);
    totals.found += confirmed.count;
    const room = MOST_FINDINGS - totals.findings.length;
    totals.findings.push(...confirmed.all.slice(0, room));
  }

  async #compare(
    timeline: Timeline,
    period: Pick<AuditParams, 'from' | 'to'>,
    add: (finding: Finding) => void,
  ): Promise<number> {
    const from = Math.max(
      period.from === null ? Number.NEGATIVE_INFINITY : period.from - 1,
      timeline.speaksFrom,
      timeline.knownFrom,
    );
    const to = Math.min(period.to ?? timeline.now, timeline.now);
    if (from >= to) return 0;
    const steps = auditOf(timeline, { from, to });
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (value) add(value);
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #confirmed(timeline: Timeline, period: Pick<AuditParams, 'from' | 'to'>, before: Findings): Promise<Findings> {
    const log = new RunLog(this.#records, timeline.id, timeline.now, 0);
    const details = new RunDetails({ jobStore: this.#alias, records: this.#records, timeline, log });
    const runs = await details.liveRuns();
    const owed = new Set(runs.flatMap(({ scheduledRunTimes }) => scheduledRunTimes.map((at) => at.getTime())));
    const again = await this.#reader.job(timeline.id);
    const confirmed = new Findings(timeline.id);
    await this.#compare(again, period, (finding) => {
      const isOwed = finding.kind === 'unaccounted' && owed.has(finding.fireTime);
      if (!isOwed && before.has(finding)) confirmed.add(finding);
    });
    return confirmed;
  }
}

/** The findings of a job. Consecutive findings of one kind are joined. */
class Findings {
  readonly #jobId: string;
  readonly #all: {
    kind: Finding['kind'];
    first: number;
    last: number;
    count: number;
    outcomes: readonly FireOutcome[];
  }[] = [];
  count = 0;

  constructor(jobId: string) {
    this.#jobId = jobId;
  }

  get all(): readonly AuditFinding[] {
    return this.#all.map(({ first, last, ...rest }) => ({
      jobId: this.#jobId,
      ...rest,
      first: new Date(first),
      last: new Date(last),
    }));
  }

  add({ kind, fireTime, outcomes }: Finding): void {
    this.count += 1;
    const last = this.#all.at(-1);
    if (last?.kind === kind && (String(last.outcomes) === String(outcomes) || this.#all.length >= MOST_FINDINGS)) {
      last.last = fireTime;
      last.count += 1;
      return;
    }
    if (this.#all.length < MOST_FINDINGS) this.#all.push({ kind, first: fireTime, last: fireTime, count: 1, outcomes });
  }

  has({ kind, fireTime }: Finding): boolean {
    return this.#all.some((one) => one.kind === kind && one.first <= fireTime && fireTime <= one.last);
  }
}

function dateOr(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
