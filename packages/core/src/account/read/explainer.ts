import type { JobRecords } from '../../ports/job-records.js';
import type { JobStore } from '../../ports/job-store.js';
import { explain } from '../explain/explain.js';
import type { Explanation } from '../explain/explanation.js';
import { NOTABLE_MS } from '../explain/lateness.js';
import type { Subject } from '../explain/subject.js';
import { fireTimeAfter } from '../revision.js';
import type { StoreTimeline } from '../store-timeline.js';
import type { Timeline } from '../timeline.js';
import { type Verdict, verdictOf } from '../verdict.js';
import { AccountReader } from './account-reader.js';
import { PlaceHolders } from './place-holders.js';
import { RunDetails } from './run-details.js';
import { RunLog } from './run-log.js';
import { RunReadings } from './run-readings.js';
import { RunsAgain } from './runs-again.js';
import { StoreReading } from './store-reading.js';

const UNKNOWN_STORE: StoreTimeline = {
  pauses: [],
  terms: [],
  services: [],
  servedBefore: null,
  speaksFrom: Number.POSITIVE_INFINITY,
  isWhole: false,
};

/** The most pages of 500 events of the log that are read: for one instant, and for a period. */
const LOG_PAGES = { instant: 4, period: 20 };

/** The sources of the explanations of one call. */
interface Sources {
  readonly details: RunDetails;
  readonly holders: PlaceHolders;
  readonly again: RunsAgain;
  readonly store: StoreReading;
}

/** Explains instants of jobs. It reads only what the explanation needs. */
export class Explainer {
  readonly #alias: string;
  readonly #records: JobRecords;
  readonly #reader: AccountReader;

  constructor({ alias, records }: JobStore) {
    this.#alias = alias;
    this.#records = records;
    this.#reader = new AccountReader(this.#records);
  }

  /** Explains one instant. @param instantOf returns the instant, ms: a wall-clock time is in the job's zone */
  async at(jobId: string, instantOf: (timeline: Timeline) => number): Promise<Explanation> {
    const timeline = await this.#reader.job(jobId);
    const instant = instantOf(timeline);
    const [explanation] = await this.#each(timeline, [instant], LOG_PAGES.instant);
    return explanation as Explanation;
  }

  /**
   * Explains each fire time and each outcome from one instant to another, both inclusive, at most `limit`. If there are none, it explains the first
   * instant. `next` is where the rest begins; null if there is no rest.
   */
  async between(
    jobId: string,
    period: (timeline: Timeline) => { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<{ readonly explanations: readonly Explanation[]; readonly next: number | null }> {
    const timeline = await this.#reader.job(jobId);
    const { from, to } = period(timeline);
    const instants: number[] = [];
    let at = nextInstant(timeline, from - 1);
    for (; at !== null && at <= to && instants.length < limit; at = nextInstant(timeline, at)) instants.push(at);
    const explanations = await this.#each(timeline, instants.length > 0 ? instants : [from], LOG_PAGES.period);
    return { explanations, next: at !== null && at <= to ? at : null };
  }

  #sources(timeline: Timeline, from: number, pages: number): Sources {
    const log = new RunLog(this.#records, timeline.id, from, pages);
    const readings = new RunReadings(this.#records);
    const records: Pick<JobRecords, 'runs' | 'liveRuns' | 'events'> = {
      runs: (runIds) => readings.of(runIds),
      liveRuns: (params) => this.#records.liveRuns(params),
      events: (params) => this.#records.events(params),
    };
    const of = { jobStore: this.#alias, records, timeline };
    const details = new RunDetails({ ...of, log });
    const holders = new PlaceHolders({ timeline, log, details });
    return { details, holders, again: new RunsAgain(of), store: new StoreReading(this.#reader) };
  }

  /** Explains instants. It reads the account at most twice: again if the run of an open fire time is not found. */
  async #each(timeline: Timeline, instants: readonly number[], pages: number): Promise<readonly Explanation[]> {
    const { explained, lost } = await this.#answers(timeline, instants, pages);
    if (lost.length > 0) {
      // A run that was owed when the account was read may have ended before the search for it. Now the account has its outcome.
      const later = await this.#answers(await this.#reader.job(timeline.id), lost, pages);
      for (const [instant, explanation] of later.explained) explained.set(instant, explanation);
    }
    return [...explained.values()];
  }

  /** @returns the explanations by their instants, and the instants whose run was not found. */
  async #answers(timeline: Timeline, instants: readonly number[], pages: number) {
    const sources = this.#sources(timeline, instants[0] ?? timeline.now, pages);
    const explained = new Map<number, Explanation>();
    const lost: number[] = [];
    const verdicts = instants.map((instant) => ({ instant, verdict: verdictOf(timeline, instant) }));
    // The runs of a period are read together. Otherwise, most of the time would go into the way to Redis.
    if (instants.length > 1) await sources.details.expect(verdicts);
    for (const { instant, verdict } of verdicts) {
      const { explanation, isLost } = await this.#one(timeline, instant, verdict, sources);
      explained.set(instant, explanation);
      if (isLost) lost.push(instant);
    }
    return { explained, lost };
  }

  async #one(
    timeline: Timeline,
    instant: number,
    verdict: Verdict,
    sources: Sources,
  ): Promise<{ readonly explanation: Explanation; readonly isLost: boolean }> {
    const read = await this.#read(timeline, verdict, instant, sources);
    const nothing = { trace: null, again: [], intoRunId: null, replacedBy: null, holders: [], storeNow: null };
    const subject: Subject = {
      timeline,
      store: UNKNOWN_STORE,
      instant,
      ...nothing,
      ...read,
    };
    return { explanation: explain(subject, verdict), isLost: verdict.kind === 'open' && !subject.trace };
  }

  async #read(timeline: Timeline, verdict: Verdict, instant: number, sources: Sources): Promise<Partial<Subject>> {
    const { details, holders, store } = sources;
    if (verdict.kind === 'pending') {
      return {
        storeNow: await store.now(verdict.revision.definition),
        store: await store.since(Math.min(instant, timeline.now)),
      };
    }
    if (verdict.kind === 'open') {
      const trace = await details.live(verdict.revision, instant);
      const state = trace?.run?.state;
      const isQueued = state === 'queued' || state === 'scheduled';
      const isWaiting = state === 'waiting';
      return {
        trace,
        ...((isQueued || state === 'running') && { storeNow: await store.now(verdict.revision.definition, isQueued) }),
        ...(isWaiting && { holders: await holders.at(verdict.revision, instant) }),
      };
    }
    return verdict.kind === 'outcome' ? this.#ofOutcome(verdict, instant, sources) : {};
  }

  async #ofOutcome(
    verdict: Extract<Verdict, { kind: 'outcome' }>,
    instant: number,
    { details, holders, again, store }: Sources,
  ): Promise<Partial<Subject>> {
    const { record, revision } = verdict;
    switch (record.outcome) {
      case 'max_instances':
        return { holders: await holders.at(revision, instant) };
      case 'coalesced': {
        const intoRunId = details.intoRunId(verdict);
        return { intoRunId, again: await again.ofInto(verdict, intoRunId), store: await store.since(instant) };
      }
      default: {
        const isLate = record.form === 'range' || (record.slowestMs ?? 0) >= NOTABLE_MS;
        const trace = await details.ofOutcome(verdict, instant);
        const mayWait = isLate && revision !== null && revision.definition.overlap !== 'skip';
        const isReplaced =
          trace !== null && record.outcome === 'cancelled' && revision?.definition.overlap === 'replace';
        return {
          trace,
          ...(isReplaced && { replacedBy: await details.replacedBy(trace, instant) }),
          ...(mayWait && { holders: await holders.at(revision, instant) }),
          again: await again.of(verdict, trace?.runId ?? null, instant),
          ...(isLate && { store: await store.since(instant) }),
        };
      }
    }
  }
}

/** The first instant after another at which the job has a fire time or a kept outcome. */
function nextInstant({ revisions, outcomes, pending, now }: Timeline, after: number): number | null {
  const fires = revisions.map((revision) => fireTimeAfter(revision, after));
  const all = [...fires, outcomes.next(after), pending && pending.fireTime > now ? null : (pending?.fireTime ?? null)];
  const later = all.filter((at): at is number => at !== null && at > after);
  return later.length > 0 ? Math.min(...later) : null;
}
