import { type AskedBy, BY_OPTIONS, checkBy } from '../by.js';
import { ResultTimeoutError, RunNotFoundError } from '../errors.js';
import type { JsonValue } from '../json.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import type { Chance } from '../ports/chance.js';
import type { Clock } from '../ports/clock.js';
import type { CancelOutcome, JobRecords, RunReading } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { runOf } from '../run/reading.js';
import { resultOf } from '../run/result.js';
import type { LiveRunInfo, Run } from '../run/run.js';
import { checkNames } from './options.js';
import type { RetriedRuns } from './retry-options.js';
import { checkExpected, enterAgain, findRetryable, type Retryable, type RetryMatch } from './retry-runs.js';
import { type Cancelled, type RunActions, RunHandle } from './run-handle.js';
import { RunWaits } from './run-waits.js';

/** Results may be large. */
const READ_AT_ONCE = 50;

/** The actor that asks for a run, and the reason; and the same for the calls of its handle. */
export interface Asker {
  readonly by: AskedBy;
  readonly own: AskedBy;
}

/** The runs of one job store. */
export class RunClient {
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #waits: RunWaits;

  constructor(store: JobStore, backend: Pick<Backend, 'eventBus' | 'clock' | 'chance'>, report: Report) {
    this.#alias = store.alias;
    this.#records = store.records;
    this.#clock = backend.clock;
    this.#chance = backend.chance;
    this.#waits = new RunWaits(store, backend, report);
  }

  /** @param own the actor of a call of the handle that names none. */
  handle<Result>(
    run: Pick<RunHandle, 'runId' | 'jobId' | 'isDuplicate'> & { readonly retryOf?: string },
    own: AskedBy,
  ): RunHandle<Result> {
    const actions: RunActions = {
      result: (id, timeoutMs) => this.result(id, timeoutMs),
      cancel: async (id, by) => {
        checkNames(by, BY_OPTIONS, 'cancel');
        return this.cancel(id, checkBy(by, 'cancel', own));
      },
    };
    return new RunHandle<Result>({ ...run, jobStore: this.#alias }, actions);
  }

  /** Runs that failed, and can be run again. */
  retryable(match: RetryMatch): Promise<Retryable> {
    return findRetryable(this.#records, this.#alias, match);
  }

  /** @throws UnexpectedCountError, and nothing was entered; InvalidOptionsError */
  async retry(match: RetryMatch, expected: number, { by, own }: Asker): Promise<RetriedRuns> {
    const found = await this.retryable(match);
    checkExpected(found, expected);
    const oldestFirst = found.runs.toReversed();
    const { entered, left } = await enterAgain({ records: this.#records, chance: this.#chance }, oldestFirst, by);
    return { runs: entered.map((run) => this.handle({ ...run, isDuplicate: false }, own)), left };
  }

  async get(runId: string): Promise<Run | undefined> {
    return (await this.#read([runId]))[0];
  }

  /** The runs of a job, newest first, at most `limit`: the live ones, then those that have ended. */
  async ofJob(jobId: string, limit: number): Promise<Run[]> {
    const live = await this.#liveRuns(jobId);
    const settled = await this.#records.history({ jobId, limit });
    const known = await this.#read([...new Set([...live, ...settled])], limit + live.length);
    // One that ended between the two is in both, and one that is not owed any more may not be kept.
    return [...known.filter(isLive).sort(newestFirst), ...known.filter((run) => !isLive(run))].slice(0, limit);
  }

  /** @throws as `resultOf` does; ResultTimeoutError, RunNotFoundError */
  async result(runId: string, timeoutMs: number | null): Promise<JsonValue> {
    const { ended, stop } = this.#waits.wait(runId);
    const run = runOf(this.#alias, runId, await this.#within(ended, stop, runId, timeoutMs));
    if (!run || isLive(run)) throw new RunNotFoundError(runId, this.#alias);
    return resultOf(run);
  }

  /** @throws RunNotFoundError */
  async cancel(runId: string, by: AskedBy): Promise<Cancelled> {
    const [outcome] = await this.#cancel([runId], by);
    if (outcome === 'cancelled' || outcome === 'cancelling') return outcome;
    const run = await this.get(runId);
    if (run?.state === 'cancelled') return 'cancelled';
    throw new RunNotFoundError(runId, this.#alias, run && `it has ended (${run.state}): there is nothing to cancel`);
  }

  /** Cancels whatever is owed of a job, which is to be gone already. Returns how many runs. */
  async cancelAll(jobId: string, by: AskedBy): Promise<number> {
    const runIds = await this.#liveRuns(jobId);
    let count = 0;
    for (let from = 0; from < runIds.length; from += READ_AT_ONCE) {
      const outcomes = await this.#cancel(runIds.slice(from, from + READ_AT_ONCE), by);
      count += outcomes.filter((outcome) => outcome !== 'unknown').length;
    }
    return count;
  }

  close(why: Error): void {
    this.#waits.close(why);
  }

  #cancel(runIds: readonly string[], by: AskedBy): Promise<readonly CancelOutcome[]> {
    return this.#records.cancel({ op: this.#chance.id(), runIds, by });
  }

  /** Of all that is owed: looks through the whole ledger. */
  async #liveRuns(jobId: string): Promise<string[]> {
    const runIds = new Set<string>();
    let cursor = '0';
    do {
      const page = await this.#records.liveRuns({ jobId, cursor });
      for (const runId of page.runIds) runIds.add(runId);
      cursor = page.cursor;
    } while (cursor !== '0');
    return [...runIds];
  }

  /** Those of which something is known. */
  async #read(runIds: readonly string[], limit = runIds.length): Promise<Run[]> {
    const runs: Run[] = [];
    for (let from = 0; from < runIds.length && runs.length < limit; from += READ_AT_ONCE) {
      const part = runIds.slice(from, from + READ_AT_ONCE);
      const readings = await this.#records.runs(part);
      runs.push(...part.flatMap((runId, index) => this.#runOf(runId, readings[index]) ?? []));
    }
    return runs;
  }

  #runOf(runId: string, reading: RunReading | undefined): Run | undefined {
    return reading && runOf(this.#alias, runId, reading);
  }

  async #within<T>(promise: Promise<T>, stop: () => void, runId: string, ms: number | null): Promise<T> {
    if (ms === null) return promise;
    let cancel = () => {};
    const timeout = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(ms, () => reject(new ResultTimeoutError(runId, ms)));
    });
    try {
      return await Promise.race([promise, timeout]);
    } finally {
      cancel();
      stop();
    }
  }
}

function isLive(run: Run): run is LiveRunInfo {
  return !('settledAt' in run);
}

function newestFirst(one: Run, other: Run): number {
  return timeOf(other) - timeOf(one);
}

function timeOf({ scheduledRunTimes }: Run): number {
  return scheduledRunTimes.at(-1)?.getTime() ?? 0;
}
