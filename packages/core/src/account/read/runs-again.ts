import type { CarillonEvent } from '../../event/events.js';
import type { JobRecords, RunReading } from '../../ports/job-records.js';
import { runOf } from '../../run/reading.js';
import type { RunAgain } from '../explain/again.js';
import type { FireOutcome } from '../recorded.js';
import type { Timeline } from '../timeline.js';
import { type Verdict, verdictOf } from '../verdict.js';
import { isAt, isSettled } from './event-times.js';
import { RunLog } from './run-log.js';

/** The most runs that are followed, each in place of a failed one. */
const MOST_AGAIN = 100;
/** When an ended run was asked for is not kept. The log is read from this long before its end. */
const LOOK_BACK_MS = 60_000;
const LOG_PAGES = 4;

type Outcome = Extract<Verdict, { kind: 'outcome' }>;

/** Finds the runs that callers asked for at a fire time that already had one: in place of a failed run, or at the same instant. */
export class RunsAgain {
  readonly #jobStore: string;
  readonly #records: Pick<JobRecords, 'runs' | 'events'>;
  readonly #timeline: Timeline;
  readonly #ofCoalesced = new Map<string, Promise<readonly RunAgain[]>>();

  constructor(parts: {
    readonly jobStore: string;
    readonly records: Pick<JobRecords, 'runs' | 'events'>;
    readonly timeline: Timeline;
  }) {
    this.#jobStore = parts.jobStore;
    this.#records = parts.records;
    this.#timeline = parts.timeline;
  }

  /** Returns these runs, oldest first. @param runId the id of the run that had the fire time; null if it is not known */
  async of({ record }: Outcome, runId: string | null, fireTime: number): Promise<readonly RunAgain[]> {
    const left = this.#timeline.outcomes
      .at(fireTime)
      .flatMap((one) => (one.form === 'stretch' && one.asked && one !== record ? [one.outcome as FireOutcome] : []));
    const inPlace = record.outcome === 'error' && runId !== null ? await this.#inPlaceOf(runId, fireTime) : [];
    const asked = left.length > inPlace.length ? await this.#asked(fireTime, runId) : [];
    const found = [...inPlace, ...asked];
    for (const { outcome } of found) if (outcome && left.includes(outcome)) left.splice(left.indexOf(outcome), 1);
    // The account has the outcomes of ended runs whose own data is no longer kept.
    const all = found.map((one) => (one.outcome || isLive(one) ? one : { ...one, outcome: left.shift() ?? null }));
    return [...all, ...left.map((outcome) => ({ trace: null, retryOf: null, outcome }))];
  }

  /**
   * Returns the runs in place of the run into which a fire time was coalesced, if that run failed. All fire times of a run have the same ones,
   * which are read once.
   * @param runId the id of that run; null if it is not known
   */
  async ofInto({ record }: Outcome, runId: string | null): Promise<readonly RunAgain[]> {
    const into = record.form === 'range' ? record.into : null;
    if (into === null || runId === null) return [];
    const key = `${runId} ${into}`;
    const known = this.#ofCoalesced.get(key) ?? this.#inPlaceOfFailed(runId, into);
    this.#ofCoalesced.set(key, known);
    return known;
  }

  async #inPlaceOfFailed(runId: string, fireTime: number): Promise<readonly RunAgain[]> {
    const verdict = verdictOf(this.#timeline, fireTime);
    if (verdict.kind !== 'outcome' || verdict.record.outcome !== 'error') return [];
    return (await this.of(verdict, runId, fireTime)).filter(({ retryOf }) => retryOf !== null);
  }

  async #inPlaceOf(runId: string, fireTime: number): Promise<readonly RunAgain[]> {
    const again: RunAgain[] = [];
    let [failed, next] = [runId, (await this.#reading(runId))?.retriedAs ?? null];
    while (next !== null && again.length < MOST_AGAIN) {
      const reading: RunReading | undefined = await this.#reading(next);
      const { trace, outcome } = await this.#traced(next, reading, fireTime);
      const later = reading?.retriedAs ?? null;
      again.push({ trace, retryOf: failed, outcome: outcome ?? (later === null ? null : 'error') });
      [failed, next] = [next, later];
    }
    return again;
  }

  async #reading(runId: string): Promise<RunReading | undefined> {
    const [reading] = await this.#records.runs([runId]);
    return reading;
  }

  async #traced(runId: string, reading: RunReading | undefined, fireTime: number) {
    const run = reading && runOf(this.#jobStore, runId, reading);
    const settledAt = run && 'settledAt' in run ? run.settledAt.getTime() - LOOK_BACK_MS : null;
    // A run in place of another is due when it is asked for.
    const from = Math.max(fireTime, reading?.live?.run.fires[0]?.dueAt ?? settledAt ?? fireTime);
    const log = new RunLog(this.#records, runId, from, LOG_PAGES);
    const isEnd = (event: CarillonEvent) => isSettled(event, fireTime);
    const events = await log.ofRun(runId, Number.POSITIVE_INFINITY, isEnd);
    const ended = run?.executions.find(({ scheduledRunTime }) => scheduledRunTime.getTime() === fireTime);
    return { trace: { runId, run, events }, outcome: ended?.outcome ?? null };
  }

  /** Other runs that callers asked for at this instant with `runJob`, as far as the log has them. */
  async #asked(fireTime: number, not: string | null): Promise<readonly RunAgain[]> {
    const { id } = this.#timeline;
    const log = new RunLog(this.#records, id, fireTime, LOG_PAGES);
    const found = await log.find(
      (event) => isAsked(event, id, fireTime),
      fireTime,
      () => false,
    );
    const runIds = found.flatMap((event) => ('runId' in event && event.runId !== not ? [String(event.runId)] : []));
    const traced = runIds.map(async (runId) => this.#traced(runId, await this.#reading(runId), fireTime));
    return (await Promise.all(traced)).map((one) => ({ ...one, retryOf: null }));
  }
}

function isAsked(event: CarillonEvent, jobId: string, fireTime: number): boolean {
  if (event.type !== 'job_submitted' || event.jobId !== jobId || !event.asked) return false;
  return event.retryOf === undefined && isAt(event, fireTime);
}

function isLive({ trace }: RunAgain): boolean {
  return trace?.run !== undefined && 'cancelling' in trace.run;
}
