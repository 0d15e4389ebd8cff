import type { FireCounts } from '../account/counts/fire-counts.js';
import type { Explanation } from '../account/explain/explanation.js';
import type { RunExplanation } from '../account/explain/run-explanation.js';
import { jobChangesOf, type RecordedJobChange } from '../account/job-changes.js';
import { AccountReader } from '../account/read/account-reader.js';
import { AccountAuditor, type AuditReport } from '../account/read/auditor.js';
import { Explainer } from '../account/read/explainer.js';
import { FireCounter } from '../account/read/fire-counter.js';
import { instantIn } from '../account/read/instant-of.js';
import { RunLives } from '../account/read/run-lives.js';
import { type RecentOutcome, recentOf } from '../account/recent.js';
import { type StoreHistory, storeHistoryOf } from '../account/store-history.js';
import type { Timeline } from '../account/timeline.js';
import { InvalidOptionsError, JobNotFoundError, RunNotFoundError } from '../errors.js';
import { checkJobId } from '../job/checks.js';
import type { JobRecords } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { shown } from '../shown.js';
import { instantOf } from '../trigger/instant.js';
import { checkLimit, checkOrder } from './list-options.js';
import { checkNames } from './options.js';
import type { StoreChoice } from './store-choice.js';

/** A period of `explain`, which includes both its ends. */
export interface ExplainPeriod {
  readonly from: Date | string;
  readonly to: Date | string;
  /** The most explanations in the page, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

/** The period of `countFires`, which excludes its end, and its buckets. */
export interface CountFiresOptions extends StoreChoice {
  /** When the period begins: a Date, or a string as in `explain`. */
  readonly from: Date | string;
  /** When it ends, at most 3,660 days after `from`. */
  readonly to: Date | string;
  /** The number of equal buckets in the period, up to 1,000; default: 120. */
  readonly buckets?: number | undefined;
}

export interface ExplanationPage {
  /** Oldest first. If nothing should have run in the period, it has one explanation: that of `from`. */
  readonly explanations: readonly Explanation[];
  /** The cursor of the next page; null if this is the last. */
  readonly cursor: string | null;
}

export interface AuditOptions extends StoreChoice {
  /** When the audit begins: a Date, or an ISO string with its offset; default: as far back as the accounts go. */
  readonly from?: Date | string | undefined;
  /** When it ends; default, and latest: now. */
  readonly to?: Date | string | undefined;
  /** Ids of the jobs to audit; default: all jobs, also removed ones as long as their accounts are kept. */
  readonly jobs?: readonly string[] | undefined;
}

/** The accounts of one job store, read. */
export class AccountClient {
  readonly #store: JobStore;
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #explainer: Explainer;
  readonly #lives: RunLives;
  readonly #auditor: AccountAuditor;
  readonly #reader: AccountReader;

  constructor(store: JobStore) {
    this.#store = store;
    this.#alias = store.alias;
    this.#records = store.records;
    this.#explainer = new Explainer(store);
    this.#lives = new RunLives(store);
    this.#auditor = new AccountAuditor(store);
    this.#reader = new AccountReader(store.records);
  }

  /** @throws InvalidOptionsError */
  async explain(jobId: string, when: Date | string | ExplainPeriod): Promise<Explanation | ExplanationPage> {
    if (typeof when === 'string' || when instanceof Date) return this.#explainer.at(jobId, instantIn(when, 'explain'));
    const { from, to, limit = 100, cursor = null } = checkPeriod(when);
    const [begin, end] = [instantIn(from, 'explain: from'), instantIn(to, 'explain: to')];
    const start = cursor === null ? null : startOf(cursor);
    const { explanations, next } = await this.#explainer.between(
      jobId,
      (timeline) => checkOrder('explain', { from: start ?? begin(timeline), to: end(timeline) }),
      checkLimit(limit),
    );
    return { explanations, cursor: next === null ? null : String(next) };
  }

  /** @throws JobNotFoundError if nothing is known of it, InvalidOptionsError */
  async countFires(
    jobId: string,
    { from, to, buckets = 120 }: Omit<CountFiresOptions, 'jobStore'>,
  ): Promise<FireCounts> {
    const [begin, end] = [instantIn(from, 'countFires: from'), instantIn(to, 'countFires: to')];
    const most = checkBuckets(buckets);
    const period = (timeline: Timeline) => checkLength({ from: begin(timeline), to: end(timeline) });
    const counts = await new FireCounter(this.#store).count(jobId, period, most);
    if (!counts) throw new JobNotFoundError(jobId, this.#alias);
    return counts;
  }

  /** @throws InvalidOptionsError, InvalidJobError */
  async recentOutcomes(ids: readonly string[], limit: number): Promise<readonly OutcomesOfJob[]> {
    const checked = checkSome(ids, limit);
    // Among the entries are changes of the job, which are not outcomes.
    const read = await this.#records.recent({ ids: checked, entries: 2 * limit });
    return checked.map((jobId, place) => ({
      jobId,
      outcomes: recentOf(read[place] ?? { last: null, entries: [] }, limit),
    }));
  }

  /** @throws JobNotFoundError if nothing is known of it, InvalidOptionsError */
  async changes(jobId: string, limit: number): Promise<readonly RecordedJobChange[]> {
    const timeline = await this.#reader.job(jobId);
    const changes = jobChangesOf(timeline);
    if (changes.length === 0 && timeline.unreadable.length === 0) throw new JobNotFoundError(jobId, this.#alias);
    return changes.slice(0, checkLimit(limit));
  }

  /** @throws InvalidOptionsError */
  async history(since: Date | undefined, limit: number): Promise<StoreHistory> {
    const from = msOr(since, 'since', 'getStoreHistory') ?? Number.NEGATIVE_INFINITY;
    return storeHistoryOf(this.#alias, await this.#reader.store(from), checkLimit(limit));
  }

  /** @throws RunNotFoundError */
  async explainRun(runId: string): Promise<RunExplanation> {
    const life = await this.#lives.of(runId);
    if (!life) throw new RunNotFoundError(runId, this.#alias);
    return life;
  }

  /** @throws InvalidOptionsError, JobNotFoundError */
  async audit({ from, to, jobs }: Omit<AuditOptions, 'jobStore'>): Promise<AuditReport> {
    const ids = jobs === undefined ? null : checkIds(jobs);
    const period = checkOrder('audit', { from: msOr(from, 'from'), to: msOr(to, 'to') });
    return this.#auditor.audit({ ...period, jobs: ids });
  }
}

/** The newest outcomes of a job. */
export interface OutcomesOfJob {
  readonly jobId: string;
  /** Newest first. */
  readonly outcomes: readonly RecentOutcome[];
}

const MOST_IDS = 200;
const MOST_OUTCOMES = 100;

function checkSome(ids: unknown, limit: number): readonly string[] {
  if (!Array.isArray(ids) || ids.length > MOST_IDS)
    throw new InvalidOptionsError(`recentOutcomes: ids ${shown(ids)} is not an array of at most ${MOST_IDS} ids`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_OUTCOMES)
    throw new InvalidOptionsError(
      `recentOutcomes: limit ${shown(limit)} is not a whole number from 1 to ${MOST_OUTCOMES}`,
    );
  return ids.map((id: unknown) => checkJobId(id));
}

const MOST_BUCKETS = 1_000;
const LONGEST_MS = 3_660 * 86_400_000;

function checkBuckets(buckets: number): number {
  if (Number.isInteger(buckets) && buckets >= 1 && buckets <= MOST_BUCKETS) return buckets;
  throw new InvalidOptionsError(
    `countFires: buckets ${shown(buckets)} is not a whole number from 1 to ${MOST_BUCKETS}`,
  );
}

function checkLength(period: { readonly from: number; readonly to: number }): typeof period {
  const [from, to] = [period.from, period.to].map((at) => new Date(at).toISOString());
  if (period.to <= period.from) throw new InvalidOptionsError(`countFires: to ${to} is not after from ${from}`);
  if (period.to - period.from <= LONGEST_MS) return period;
  throw new InvalidOptionsError(`countFires: from ${from} to ${to} are more than 3660 days: give a shorter period`);
}

function checkPeriod(period: ExplainPeriod): ExplainPeriod {
  if (typeof period !== 'object' || period === null) {
    throw new InvalidOptionsError(`explain: ${shown(period)} is neither an instant nor a period { from, to }`);
  }
  checkNames(period, ['from', 'to', 'limit', 'cursor'], 'explain');
  return period;
}

function startOf(cursor: unknown): number {
  if (typeof cursor === 'string' && /^-?\d{1,16}$/.test(cursor)) return Number(cursor);
  throw new InvalidOptionsError(`explain: cursor ${shown(cursor)} is not one that explain gave`);
}

function checkIds(jobs: unknown): readonly string[] {
  if (!Array.isArray(jobs)) throw new InvalidOptionsError(`audit: jobs ${shown(jobs)} is not an array of ids`);
  return [...new Set(jobs.map((id: unknown) => checkJobId(id)))];
}

function msOr(given: unknown, name: string, call = 'audit'): number | null {
  if (given === undefined) return null;
  const instant = given instanceof Date ? given.getTime() : typeof given === 'string' ? instantOf(given) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidOptionsError(
    `${call}: ${name} ${shown(given)} is neither a Date nor an instant with its offset, such as "2026-03-29T09:00:00Z"`,
  );
}
