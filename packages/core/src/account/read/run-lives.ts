import type { CarillonEvent } from '../../event/events.js';
import type { JobRecords, RunReading } from '../../ports/job-records.js';
import type { JobStore } from '../../ports/job-store.js';
import { runOf } from '../../run/reading.js';
import type { Run } from '../../run/run.js';
import { type RunExplanation, runExplanation } from '../explain/run-explanation.js';
import { zoneOfJob } from '../explain/subject.js';
import { AccountReader } from './account-reader.js';
import { RunLog } from './run-log.js';

/** The most pages of 500 events of the log that are read: for a run (`run`), and for events whose time is not known (`all`). */
const LOG_PAGES = { run: 20, all: 50 };
/**
 * How long before its end the log of a run in place of a failed one is read. If its submission is not there, the log is read again, from the longer
 * time.
 */
const LOOK_BACK_MS = [60_000, 3_600_000];

/** Finds the lives of runs, from the ledger, the kept outcomes and the log. */
export class RunLives {
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #reader: AccountReader;

  constructor({ alias, records }: JobStore) {
    this.#alias = alias;
    this.#records = records;
    this.#reader = new AccountReader(records);
  }

  /** Returns the life of a run; null if nothing is known of it. */
  async of(runId: string): Promise<RunExplanation | null> {
    const [reading] = await this.#records.runs([runId]);
    const run = reading && runOf(this.#alias, runId, reading);
    const events = await this.#eventsOf(runId, run, reading);
    const named = events.find((event) => 'task' in event && 'jobId' in event);
    const jobId = run?.jobId ?? (named && 'jobId' in named ? named.jobId : null);
    const timeline = jobId === null ? null : await this.#reader.job(jobId);
    const isOwed = run !== undefined && 'cancelling' in run;
    const now = timeline?.now ?? (isOwed ? await this.#now() : (events.at(-1)?.at.getTime() ?? 0));
    return runExplanation({ runId, run, events }, timeline ? zoneOfJob(timeline) : 'UTC', now, reading?.retriedAs);
  }

  /** Reads the events of a run from the log. */
  async #eventsOf(runId: string, run: Run | undefined, reading: RunReading | undefined) {
    const settledAt = run && 'settledAt' in run ? run.settledAt.getTime() : Number.POSITIVE_INFINITY;
    const read = (from: number, to: number, pages: number) =>
      new RunLog(this.#records, runId, from, pages).ofRun(runId, to, (event) => event.at.getTime() >= settledAt);
    if (!run) return read(0, Number.POSITIVE_INFINITY, LOG_PAGES.all);
    const first = run.scheduledRunTimes[0]?.getTime() ?? 0;
    if (run.retryOf !== null) {
      // A run in place of a failed one is due when it is asked for, long after its fire time.
      const asked = reading?.live?.run.fires[0]?.dueAt;
      const froms = asked === undefined ? LOOK_BACK_MS.map((ms) => Math.max(first, settledAt - ms)) : [asked];
      for (const from of froms) {
        const events = await read(from, Number.POSITIVE_INFINITY, LOG_PAGES.run);
        if (events.some(({ type }) => type === 'job_submitted') || from === froms.at(-1)) return events;
      }
    }
    const from = Math.min(first, settledAt);
    const events = await read(from, Number.POSITIVE_INFINITY, LOG_PAGES.run);
    // A run that was enqueued for later was submitted before its time. How long before is not kept.
    const isPutOff = run.jobId === null && !events.some(({ type }) => type === 'job_submitted');
    if (!isPutOff) return events;
    const before = await read(0, from, LOG_PAGES.all);
    const keyOf = ({ type, seq }: CarillonEvent) => `${type} ${seq}`;
    const known = new Set(before.map(keyOf));
    return [...before, ...events.filter((event) => !known.has(keyOf(event)))];
  }

  async #now(): Promise<number> {
    const { now } = await this.#records.inspect({ runs: 0, quarantined: 0 });
    return now;
  }
}
