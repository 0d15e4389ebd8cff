import { type AskedBy, BY_OPTIONS, type By, checkBy } from '../by.js';
import type { Duration } from '../duration.js';
import { InvalidJobError, InvalidOptionsError } from '../errors.js';
import { checkJobId, checkRunId } from '../job/checks.js';
import type { JobFilter } from '../job/filter.js';
import type { ExecutionPolicy, History } from '../job/spec.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Run, SettledRunInfo } from '../run/run.js';
import { shown } from '../shown.js';
import type { Adding } from './changing.js';
import type { Job } from './job.js';
import { checkNames } from './options.js';
import type { RetryMatch } from './retry-runs.js';
import type { ResultOptions, RunHandle } from './run-handle.js';
import { ENDED_STATES, LIVE_STATES, type RunMatch } from './run-pages.js';

/** Which job store a call means; `'default'` where it is left out. */
export interface StoreChoice {
  readonly jobStore?: string | undefined;
}

/** Of a call that changes something: who asks for it, why, and which job store it means. */
export interface ChangeOptions extends StoreChoice, By {}

/** Of a call that adds jobs. */
export interface AddOptions extends By {
  /** Nothing is written: the answer is what would be. */
  readonly dryRun?: boolean | undefined;
}

/** Of a call that changes one job. */
export interface JobChangeOptions extends ChangeOptions {
  /** `Job.revision` of the job that was decided on: refused, with a `StaleRevisionError`, where it was changed since. */
  readonly ifRevision?: number | undefined;
  /** Nothing is written: the answer is what would be. */
  readonly dryRun?: boolean | undefined;
}

export interface RunJobOptions extends ChangeOptions {
  /** What its task is called with this time; left out: what the job has. */
  readonly args?: readonly JsonValue[] | undefined;
  readonly kwargs?: JsonObject | undefined;
  /** Asked for again under an equal key of the same job, it is not entered again: the handle is that of the first run. */
  readonly dedupe?: Dedupe | undefined;
}

/** What is left out is as `jobDefaults` has it. */
export interface EnqueueOptions extends ChangeOptions, ExecutionPolicy {
  /** Alias of the queue that workers serve; else `'default'`. */
  readonly executor?: string | undefined;
  /** How long its outcome is kept, 1 s to 365 days; `null`: an hour; `'none'`: not at all, so that nobody can wait for it. */
  readonly history?: Pick<History, 'age'> | 'none' | null | undefined;
  /** It runs so long from now, by Redis' clock, up to 36,500 days; left out: at once. Not together with `at`. */
  readonly delay?: Duration | undefined;
  /** It runs then: a Date, or an ISO string with its offset. In the past: at once, with that instant as its scheduled run time. */
  readonly at?: Date | string | undefined;
  /** How late it may start, counted from the instant that was asked for; `null`, or left out: it is never too late. */
  readonly misfireGraceTime?: Duration | null | undefined;
  /** Asked for again under an equal key, it is not entered again: the handle is that of the first run. */
  readonly dedupe?: Dedupe | undefined;
  /**
   * Refused, with an `UnknownTaskError`, unless a living worker that serves the executor has the task just now. Left out: whatever
   * the workers have, it is taken.
   */
  readonly requireTask?: boolean | undefined;
}

/** What counts as asked for already. */
export interface Dedupe {
  /** 1 to 255 characters. Equal keys of different tasks, or in different job stores, are different. */
  readonly key: string;
  /** For how long, from the first call on, 1 ms to 365 days: also after the run has ended. */
  readonly for: Duration;
}

export interface RemoveOptions extends ChangeOptions, Pick<JobChangeOptions, 'ifRevision'> {
  /** Whether its runs are cancelled, too; they go on where it is left out. */
  readonly cancelRuns?: boolean | undefined;
}

export interface RunsOptions extends StoreChoice {
  /** How many runs at most, up to 10,000; 100 where it is left out. */
  readonly limit?: number | undefined;
}

/** How a run has ended. */
export type RunOutcome = SettledRunInfo['state'];

/** Which runs are listed; what is left out excludes none. */
export interface RunsFilter extends RunsOptions {
  /** One state, or several. */
  readonly state?: Run['state'] | readonly Run['state'][] | undefined;
  /** Of runs that have ended: how, one outcome or several; runs that are owed are left out. Not together with `state`. */
  readonly outcome?: RunOutcome | readonly RunOutcome[] | undefined;
  readonly jobId?: string | undefined;
  /** Of this task. */
  readonly task?: string | undefined;
  /** Of this executor. */
  readonly executor?: string | undefined;
  /** Of runs that have ended: those that did from this instant on. */
  readonly from?: Date | undefined;
  /** And those that did by this instant. */
  readonly to?: Date | undefined;
  /** From the page before. */
  readonly cursor?: string | null | undefined;
}

export interface RunList {
  /** Those that are owed, in no order, then those that have ended, newest first. */
  readonly runs: readonly Run[];
  /** Where the next page begins; null: there is none. A page may have fewer runs than were asked for, or none, and others follow. */
  readonly cursor: string | null;
}

/** Which failed runs are meant; what is left out excludes none. */
export interface RetryFilter extends StoreChoice, Pick<RunsFilter, 'jobId' | 'task' | 'executor'> {
  /** Those that failed from this instant on. */
  readonly from?: Date | undefined;
  /** And those that did by this instant. */
  readonly to?: Date | undefined;
  /** Only these: what a preview showed. */
  readonly runIds?: readonly string[] | undefined;
}

/** What would be run again. */
export interface RetryPreview {
  /** Newest first. */
  readonly runs: readonly SettledRunInfo[];
  /** Runs that failed and match, and cannot be run again: their arguments were longer than 16 KiB, or an older release kept nothing of them. */
  readonly notKept: readonly string[];
}

export interface RetryOptions extends By {
  /** How many runs are to be run again, as a preview showed. Where there are more or fewer, none is. */
  readonly expected: number;
}

/** What became of failed runs that were to be run again. */
export interface RetriedRuns {
  /** New runs: each has the `retryOf` that it is in place of. */
  readonly runs: readonly RunHandle[];
  /**
   * Runs that were left as they are. `max_instances`: the job has as many live runs as it may: call again later. `retried`: somebody else
   * was first. `owed`: it has not ended yet.
   */
  readonly left: readonly { readonly runId: string; readonly why: 'max_instances' | 'retried' | 'owed' }[];
}

export interface GetResultOptions extends StoreChoice, ResultOptions {}

export interface QuarantineOptions extends StoreChoice {
  /** Only the record of this id. */
  readonly id?: string | undefined;
  /** How many records at most, up to 10,000; 100 where it is left out. */
  readonly limit?: number | undefined;
}

export interface ListOptions extends StoreChoice {
  /** Which jobs are listed; left out: all. */
  readonly filter?: JobFilter | undefined;
  /** How many jobs at most, up to 10,000; 100 where it is left out. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | null | undefined;
}

/** Of a call that does the same with each of many jobs. */
export interface BulkOptions extends ChangeOptions {
  /** How many jobs the filter means, 0 to 100,000, as `countJobs` or a list says: else nothing is changed. */
  readonly expected: number;
}

export interface BulkRemoveOptions extends BulkOptions {
  /** Whether their runs are cancelled, too; they go on where it is left out. */
  readonly cancelRuns?: boolean | undefined;
}

export interface JobList<T> {
  /** By next run time, paused ones last. */
  readonly jobs: readonly Job<T>[];
  /** Where the next page begins; null: there is none. With a filter, a page may have fewer jobs than were asked for, or none, and others follow. */
  readonly cursor: string | null;
}

/**
 * The options of a call, which may have these fields besides `jobStore`.
 * @throws InvalidOptionsError
 */
export function checkChoice<T extends StoreChoice>(
  options: T,
  call: string,
  besides: readonly (keyof T & string)[] = [],
): T {
  checkNames(options, ['jobStore', ...besides], call);
  return options;
}

/**
 * The same of a call that changes something.
 * @param own who asks where that is not said.
 * @throws InvalidOptionsError
 */
export function checkChange<T extends ChangeOptions>(
  options: T,
  call: string,
  own: AskedBy,
  besides: readonly (keyof T & string)[] = [],
): T & { readonly by: AskedBy } {
  checkNames(options, ['jobStore', ...BY_OPTIONS, ...besides], call);
  return { ...options, by: checkBy(options, call, own) };
}

/** @throws InvalidOptionsError */
export function checkJobChange(
  options: JobChangeOptions,
  call: string,
  own: AskedBy,
): JobChangeOptions & { readonly by: AskedBy } {
  const checked = checkChange(options, call, own, ['ifRevision', 'dryRun']);
  checkRevision(checked, call);
  checkDryRun(checked, call);
  return checked;
}

/** @throws InvalidOptionsError */
export function checkAdding(options: AddOptions, call: string, own: AskedBy): Adding {
  checkNames(options, [...BY_OPTIONS, 'dryRun'], call);
  checkDryRun(options, call);
  return { by: checkBy(options, call, own), dryRun: options.dryRun };
}

function checkRevision({ ifRevision }: Pick<JobChangeOptions, 'ifRevision'>, call: string): void {
  if (ifRevision === undefined || (Number.isSafeInteger(ifRevision) && ifRevision >= 0)) return;
  throw new InvalidOptionsError(`${call}: ifRevision ${shown(ifRevision)} is not the revision of a job`);
}

function checkDryRun({ dryRun }: AddOptions, call: string): void {
  if (dryRun === undefined || typeof dryRun === 'boolean') return;
  throw new InvalidOptionsError(`${call}: dryRun ${shown(dryRun)} must be true or false`);
}

/** @throws InvalidOptionsError */
export function checkRemoveOptions(options: RemoveOptions, own: AskedBy): RemoveOptions & { readonly by: AskedBy } {
  const checked = checkChange(options, 'removeJob', own, ['cancelRuns', 'ifRevision']);
  checkRevision(checked, 'removeJob');
  checkCancelRuns(checked, 'removeJob');
  return checked;
}

/** @throws InvalidOptionsError */
export function checkCancelRuns({ cancelRuns }: Pick<RemoveOptions, 'cancelRuns'>, call: string): boolean | undefined {
  if (cancelRuns === undefined || typeof cancelRuns === 'boolean') return cancelRuns;
  throw new InvalidOptionsError(`${call}: cancelRuns ${shown(cancelRuns)} must be true or false`);
}

const MOST_EXPECTED = 100_000;

/** The options of a call that does the same with many jobs. @throws InvalidOptionsError */
export function checkBulk<T extends BulkOptions>(
  options: T,
  call: string,
  own: AskedBy,
  besides: readonly (keyof T & string)[] = [],
): T & { readonly by: AskedBy } {
  const checked = checkChange(options, call, own, ['expected', ...besides]);
  const { expected } = checked;
  if (Number.isInteger(expected) && expected >= 0 && expected <= MOST_EXPECTED) return checked;
  throw new InvalidOptionsError(
    `${call}: expected ${shown(expected)} is not how many jobs the filter means, a whole number from 0 to ${MOST_EXPECTED}: \`countJobs\` says it`,
  );
}

/** @throws InvalidOptionsError */
export function checkRunsFilter(filter: RunsFilter): RunMatch {
  checkChoice(filter, 'getRuns', ['state', 'outcome', 'jobId', 'task', 'executor', 'from', 'to', 'limit', 'cursor']);
  return { states: statesOf(filter), ...checkMatch('getRuns', filter) };
}

/** @throws InvalidOptionsError, InvalidJobError */
export function checkRetryFilter(call: string, filter: RetryFilter): RetryMatch {
  checkChoice(filter, call, ['jobId', 'task', 'executor', 'from', 'to', 'runIds']);
  const { runIds } = filter;
  if (runIds !== undefined && !Array.isArray(runIds)) {
    throw new InvalidOptionsError(`${call}: runIds ${shown(runIds)} is not an array of the ids of runs`);
  }
  const ids = runIds && new Set(runIds.map((id) => checkRunId(id)));
  return { states: new Set(['error']), ...checkMatch(call, filter), runIds: ids ?? null };
}

function checkMatch(call: string, filter: RetryFilter): Omit<RunMatch, 'states'> {
  const { jobId, from, to } = filter;
  const instant = (name: 'from' | 'to', at: Date | undefined, otherwise: number) => {
    if (at === undefined) return otherwise;
    if (at instanceof Date && !Number.isNaN(at.getTime())) return at.getTime();
    throw new InvalidOptionsError(`${call}: ${name} ${shown(at)} is not a valid Date`);
  };
  return {
    jobId: jobId === undefined ? null : checkJobId(jobId),
    task: textOrNull(call, 'task', filter.task),
    executor: textOrNull(call, 'executor', filter.executor),
    ...checkOrder(call, {
      from: instant('from', from, Number.NEGATIVE_INFINITY),
      to: instant('to', to, Number.POSITIVE_INFINITY),
    }),
  };
}

/** The states that are meant by `state` or by `outcome`. */
function statesOf({ state, outcome }: RunsFilter): ReadonlySet<Run['state']> {
  if (state !== undefined && outcome !== undefined) {
    throw new InvalidOptionsError('getRuns: state and outcome do not go together: each outcome is a state, too');
  }
  const known: readonly Run['state'][] = outcome === undefined ? [...LIVE_STATES, ...ENDED_STATES] : ENDED_STATES;
  const given = outcome ?? state ?? known;
  const states = [given].flat();
  if (states.length > 0 && states.every((one) => known.includes(one))) return new Set(states);
  const name = outcome === undefined ? 'state' : 'outcome';
  throw new InvalidOptionsError(`getRuns: ${name} ${shown(given)} is none: there are ${known.join(', ')}`);
}

function textOrNull(call: string, name: string, given: unknown): string | null {
  if (given === undefined) return null;
  if (typeof given === 'string' && given !== '') return given;
  throw new InvalidOptionsError(`${call}: ${name} ${shown(given)} is not the name of one`);
}

/**
 * A period, ms, whose end is not before its begin. null: it has none.
 * @throws InvalidOptionsError
 */
export function checkOrder<T extends { readonly from: number | null; readonly to: number | null }>(
  call: string,
  period: T,
): T {
  const { from, to } = period;
  if (from === null || to === null || from <= to) return period;
  const [begin, end] = [from, to].map((at) => new Date(at).toISOString());
  throw new InvalidOptionsError(`${call}: to ${end} is before from ${begin}`);
}

/** @throws InvalidJobError */
/** The name of a record in quarantine, which may be that of anything. @throws InvalidOptionsError */
export function checkRecordId(id: unknown, call: string): void {
  if (typeof id !== 'string') throw new InvalidOptionsError(`${call}: id ${shown(id)} is not a string`);
}

export function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidJobError(`limit: ${shown(limit)} is not a whole number from 1 to 10000`);
}

/** What is in it is for the store to say. @throws InvalidJobError */
export function checkCursor(cursor: string | null): string | null {
  if (cursor === null || typeof cursor === 'string') return cursor;
  throw new InvalidJobError(`cursor: ${shown(cursor)} is not one that getJobs gave`);
}
