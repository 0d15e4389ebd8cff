import type { AskedBy } from '../by.js';
import { counted } from '../counted.js';
import { InvalidOptionsError, UnexpectedCountError } from '../errors.js';
import type { JobErrorEvent } from '../event/events.js';
import { parseEvent } from '../event/schema.js';
import { runAgain } from '../job/run-again.js';
import type { Chance } from '../ports/chance.js';
import type { Failure, JobRecords, KeptRun, RetryOutcome } from '../ports/job-records.js';
import { runOf } from '../run/reading.js';
import type { Run, SettledRunInfo } from '../run/run.js';
import { shown } from '../shown.js';
import type { RunMatch } from './run-pages.js';

/** How many are read at once, and how many are entered by one script. */
const READ_AT_ONCE = 1_000;
const ENTERED_AT_ONCE = 100;

/** Which failed runs are meant. */
export interface RetryMatch extends RunMatch {
  /** null means whichever. */
  readonly runIds: ReadonlySet<string> | null;
}

/** A failed run, with what is kept of it to run it again. */
export interface CanRunAgain {
  readonly run: SettledRunInfo;
  readonly kept: KeptRun;
}

/** What can be run again, and what cannot. */
export interface Retryable {
  /** Newest first. */
  readonly runs: readonly CanRunAgain[];
  /** Runs that failed and match, and of which what it takes to run them again is not kept. */
  readonly notKept: readonly string[];
  /** Runs that failed and match, and were run again already. */
  readonly retried: number;
}

/** Runs that failed, of which each can be run again. Reads all that is kept of failures, as far as the match goes back. */
export async function findRetryable(records: JobRecords, jobStore: string, match: RetryMatch): Promise<Retryable> {
  const found = new Map<string, Failed>();
  for await (const failure of failuresOf(records)) {
    const event = parseEvent(failure.message);
    if (event?.type !== 'job_error') continue;
    if (event.at.getTime() < match.from) break;
    const before = found.get(event.runId);
    if (before) before.failures.push({ failure, event });
    else if (isMeant(jobStore, match, failure, event)) found.set(event.runId, { failures: [{ failure, event }] });
  }
  const runIds = [...found.keys()];
  const again = new Set<string>();
  for (let from = 0; from < runIds.length; from += READ_AT_ONCE) {
    const part = runIds.slice(from, from + READ_AT_ONCE);
    // A run that is still owed has not failed.
    const readings = await records.runs(part);
    for (const [index, { live, retriedAs }] of readings.entries()) {
      const runId = part[index] as string;
      if (retriedAs !== null) again.add(runId);
      if (live) found.delete(runId);
    }
  }
  const left = [...found].filter(([runId]) => !again.has(runId));
  const runs = left.flatMap(([, failed]) => retryableOf(jobStore, failed) ?? []);
  const kept = new Set(runs.map(({ run }) => run.runId));
  return { runs, notKept: left.flatMap(([runId]) => (kept.has(runId) ? [] : runId)), retried: again.size };
}

interface Failed {
  /** Newest first. */
  readonly failures: { readonly failure: Failure; readonly event: JobErrorEvent }[];
}

async function* failuresOf(records: JobRecords): AsyncGenerator<Failure> {
  let before: string | null = null;
  for (;;) {
    const page: readonly Failure[] = await records.failures({ before, limit: READ_AT_ONCE });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    before = last.id;
  }
}

function isMeant(jobStore: string, match: RetryMatch, { message }: Failure, event: JobErrorEvent): boolean {
  if (match.runIds && !match.runIds.has(event.runId)) return false;
  if (match.jobId !== null && match.jobId !== event.jobId) return false;
  if (match.task !== null && match.task !== event.task) return false;
  if (match.executor !== null && match.executor !== (event.executor ?? 'default')) return false;
  return event.at.getTime() <= match.to && runOf(jobStore, event.runId, outcome([message])) !== undefined;
}

const outcome = (outcomes: readonly string[]) => ({ live: null, outcomes });

function retryableOf(jobStore: string, { failures }: Failed): CanRunAgain | null {
  const oldestFirst = failures.toReversed();
  const last = failures[0];
  const kept = failures.find(({ failure }) => failure.run?.payload)?.failure.run;
  const messages = oldestFirst.map(({ failure }) => failure.message);
  const run: Run | undefined = last && runOf(jobStore, last.event.runId, outcome(messages));
  if (!kept || !last || !run || !('settledAt' in run)) return null;
  return { run, kept };
}

/** The new runs, and the failed ones that were left. */
export interface Retried {
  readonly entered: readonly { readonly runId: string; readonly retryOf: string; readonly jobId: string | null }[];
  readonly left: readonly { readonly runId: string; readonly why: Exclude<RetryOutcome, 'submitted'> }[];
}

/** Enters them, page by page, the oldest failure first. */
export async function enterAgain(
  store: { readonly records: JobRecords; readonly chance: Chance },
  failed: readonly CanRunAgain[],
  by: AskedBy,
): Promise<Retried> {
  const { records, chance } = store;
  const entered: Retried['entered'][number][] = [];
  const left: Retried['left'][number][] = [];
  for (let from = 0; from < failed.length; from += ENTERED_AT_ONCE) {
    const part = failed.slice(from, from + ENTERED_AT_ONCE);
    const { now } = await records.read([]);
    const runs = part.map(({ run, kept }) => ({ retryOf: run.runId, run: runAgain(run, kept, now, by) }));
    const outcomes = await records.retryRuns({ op: chance.id(), runs });
    for (const [index, { retryOf, run }] of runs.entries()) {
      const why = outcomes[index] ?? 'owed';
      if (why === 'submitted') entered.push({ runId: run.runId, retryOf, jobId: run.jobId });
      else left.push({ runId: retryOf, why });
    }
  }
  return { entered, left };
}

/** @throws UnexpectedCountError, InvalidOptionsError */
export function checkExpected({ runs, retried, notKept }: Retryable, expected: unknown): void {
  if (typeof expected !== 'number' || !Number.isInteger(expected) || expected < 0) {
    throw new InvalidOptionsError(
      `retryRuns: expected ${shown(expected)} is not a whole number: give how many runs previewRetry returns`,
    );
  }
  if (expected === runs.length) return;
  const leftOut = [
    retried > 0 ? `${counted(retried, 'other was', 'others were')} run again already` : '',
    notKept.length > 0 ? `of ${counted(notKept.length, 'other')} it is not kept what it takes` : '',
  ].filter((text) => text !== '');
  const what = [
    `${counted(runs.length, 'run')} that can be run again`,
    ...(leftOut.length > 0 ? [`(${leftOut.join('; ')})`] : []),
  ].join(' ');
  throw new UnexpectedCountError(expected, runs.length, { what, look: 'previewRetry' });
}
