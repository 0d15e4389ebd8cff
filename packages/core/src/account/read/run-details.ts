import type { CarillonEvent } from '../../event/events.js';
import { runIdOf } from '../../job/definition.js';
import type { JobRecords } from '../../ports/job-records.js';
import { runOf } from '../../run/reading.js';
import type { Run } from '../../run/run.js';
import { cancelOf, type RunTrace } from '../explain/trace.js';
import type { DatedRecord, FireOutcome } from '../recorded.js';
import { fireTimeBefore, type Revision } from '../revision.js';
import type { Timeline } from '../timeline.js';
import type { Verdict } from '../verdict.js';
import { isAt, isSettled } from './event-times.js';
import type { RunLog } from './run-log.js';

type Outcome = Extract<Verdict, { kind: 'outcome' }>;
type Range = Extract<DatedRecord, { form: 'range' }>;

/** The most fire times of a backlog that one run covers. Its id is made of the first. */
const MOST_OF_A_RUN = 1_000;
/** Fire times with these outcomes have no run of their own. */
const WITHOUT_RUN: ReadonlySet<FireOutcome> = new Set(['max_instances', 'coalesced']);
/** A run that waits for a place is submitted when the run that held the place ends; at most this much later. */
const PLACE_TAKEN_MS = 1_000;

/** Finds the runs of fire times, from the ledger, the kept outcomes and the log. */
export class RunDetails {
  readonly #jobStore: string;
  readonly #records: Pick<JobRecords, 'runs' | 'liveRuns'>;
  readonly #timeline: Timeline;
  readonly #log: RunLog;
  #live: Promise<readonly Run[]> | undefined;
  #ranges: readonly Range[] | undefined;

  constructor(parts: {
    readonly jobStore: string;
    readonly records: Pick<JobRecords, 'runs' | 'liveRuns'>;
    readonly timeline: Timeline;
    readonly log: RunLog;
  }) {
    this.#jobStore = parts.jobStore;
    this.#records = parts.records;
    this.#timeline = parts.timeline;
    this.#log = parts.log;
  }

  /** The run of an outcome; null if it is no longer known which run it was. */
  async ofOutcome({ record, revision, owners }: Outcome, fireTime: number): Promise<RunTrace | null> {
    const to = this.#settledBy(record, fireTime);
    if (!revision) return this.#asked(fireTime, record.outcome, to);
    const runIds = this.#ofOwners(owners, fireTime);
    // If several revisions have the fire time, the run is the one with this outcome.
    const known = await this.#known(runIds, fireTime, owners.length > 1 ? record.outcome : null);
    // With `coalesce`, the id of the run is certain: it is made of this fire time, or of the first of those that were coalesced into it.
    const isCertain = owners.length === 1 && revision.definition.coalesce;
    const runId = known?.runId ?? (isCertain ? runIds[0] : await this.#inLog(runIds, fireTime, record.outcome, to));
    if (runId === undefined) return null;
    const events = await this.#log.ofRun(runId, to, (event) => isSettled(event, fireTime));
    if (!known && events.length === 0 && record.outcome === 'missed') return null;
    return { runId, run: known, events };
  }

  /** Reads the runs of many fire times together, if their ids are known. */
  async expect(all: readonly { readonly instant: number; readonly verdict: Verdict }[]): Promise<void> {
    const runIds = all.flatMap(({ instant, verdict }) => {
      if (verdict.kind === 'open') return this.#runIds(verdict.revision, instant);
      const hasRun = verdict.kind === 'outcome' && !WITHOUT_RUN.has(verdict.record.outcome);
      return hasRun ? this.#ofOwners(verdict.owners, instant) : [];
    });
    if (runIds.length > 0) await this.#records.runs(runIds);
  }

  /** The owed run of a fire time without an outcome, if there is one. */
  async live(revision: Revision, fireTime: number): Promise<RunTrace | null> {
    const runIds = this.#runIds(revision, fireTime);
    const isMeant = (run: Run) =>
      !('settledAt' in run) && run.scheduledRunTimes.some((at) => at.getTime() === fireTime);
    const direct = await this.#known(runIds, fireTime, null);
    const run = direct && isMeant(direct) ? direct : (await this.liveRuns()).find(isMeant);
    if (!run) return null;
    const events = await this.#log.ofRun(run.runId, this.#timeline.now, () => false);
    return { runId: run.runId, run, events };
  }

  /** The fire time of the newer run that took the place of a cancelled run, ms; null if the log has none. */
  async replacedBy(trace: RunTrace, fireTime: number): Promise<number | null> {
    const cancel = cancelOf(trace, fireTime);
    if (!cancel || cancel.actor !== undefined || cancel.reason !== undefined) return null;
    const [cancelledAt, to] = [cancel.at.getTime(), cancel.at.getTime() + PLACE_TAKEN_MS];
    const newer = (event: CarillonEvent) => {
      if (event.type !== 'job_submitted' || event.jobId !== this.#timeline.id) return undefined;
      const at = event.at.getTime();
      const fireTimes = at >= cancelledAt && at < to ? event.scheduledRunTimes.map((time) => time.getTime()) : [];
      return fireTimes.find((time) => time > fireTime && time <= cancelledAt);
    };
    const [event] = await this.#log.find(
      (one) => newer(one) !== undefined,
      to,
      () => true,
    );
    return (event && newer(event)) ?? null;
  }

  /** The owed runs of the job. It reads the whole ledger, once. */
  liveRuns(): Promise<readonly Run[]> {
    this.#live ??= this.#readLive();
    return this.#live;
  }

  async #readLive(): Promise<readonly Run[]> {
    const runIds = new Set<string>();
    let cursor = '0';
    do {
      const page = await this.#records.liveRuns({ jobId: this.#timeline.id, cursor });
      for (const runId of page.runIds) runIds.add(runId);
      cursor = page.cursor;
    } while (cursor !== '0');
    return this.read([...runIds]);
  }

  /** The id of the run into which fire times were coalesced. */
  intoRunId({ record, revision }: Outcome): string | null {
    if (!revision || record.form !== 'range' || record.into === null) return null;
    return runIdOf(this.#timeline.id, revision.generation, record.first);
  }

  /** Reads the ranges once for all instants: a job may have 100,000 outcomes. */
  #rangesOfJob(): readonly Range[] {
    this.#ranges ??= this.#timeline.outcomes.ranges();
    return this.#ranges;
  }

  /** The fire times of which the id of the run of a fire time may be made, the likeliest first. */
  #candidates({ definition, compiled, first }: Revision, fireTime: number): readonly number[] {
    const ranges = this.#rangesOfJob();
    const into = ranges.filter((one) => one.into === fireTime).map((one) => one.first);
    if (definition.coalesce) return [...into, fireTime];
    const candidates = [fireTime];
    // The fire times of one run are consecutive, perhaps after some that were missed.
    const missedBefore = ranges.filter(({ last }) => last < fireTime).toReversed();
    for (const { first: one } of missedBefore.slice(0, 5)) candidates.push(one);
    for (let at = fireTime - 1, count = 0; count < 50 && first !== null && at >= first; count++) {
      const before = fireTimeBefore({ first, compiled, until: fireTime } as Revision, at + 1);
      if (before === null) break;
      candidates.push(before);
      at = before - 1;
    }
    return candidates.slice(0, MOST_OF_A_RUN);
  }

  #ofOwners(owners: readonly Revision[], fireTime: number): readonly string[] {
    return owners.toReversed().flatMap((owner) => this.#runIds(owner, fireTime));
  }

  #runIds(revision: Revision, fireTime: number): readonly string[] {
    return this.#candidates(revision, fireTime).map((one) => runIdOf(this.#timeline.id, revision.generation, one));
  }

  /** @param outcome null means any outcome */
  async #known(runIds: readonly string[], fireTime: number, outcome: FireOutcome | null): Promise<Run | undefined> {
    const runs = await this.read(runIds);
    const isAt = (at: Date) => at.getTime() === fireTime;
    if (outcome !== null)
      return runs.find(({ executions }) =>
        executions.some((one) => isAt(one.scheduledRunTime) && one.outcome === outcome),
      );
    const isMissed = ({ missed }: Run) =>
      missed && missed.first.getTime() <= fireTime && fireTime <= missed.last.getTime();
    return runs.find(({ scheduledRunTimes }) => scheduledRunTimes.some(isAt)) ?? runs.find(isMissed);
  }

  /** Reads runs by their ids. */
  async read(runIds: readonly string[]): Promise<Run[]> {
    if (runIds.length === 0) return [];
    const readings = await this.#records.runs(runIds);
    return runIds.flatMap((runId, index) => {
      const reading = readings[index];
      return (reading && runOf(this.#jobStore, runId, reading)) ?? [];
    });
  }

  async #inLog(
    runIds: readonly string[],
    fireTime: number,
    outcome: FireOutcome,
    to: number,
  ): Promise<string | undefined> {
    const isOf = (event: CarillonEvent) => 'runId' in event && runIds.includes(String(event.runId));
    const ends = (event: CarillonEvent) => isSettled(event, fireTime) && event.type === `job_${outcome}`;
    const [event] = await this.#log.find(
      (one) => isOf(one) && ends(one),
      to,
      () => true,
    );
    return event && 'runId' in event ? String(event.runId) : undefined;
  }

  /** Finds the run that a caller asked for. Its id is its own, and only the log has it. Callers may have asked for several runs in one millisecond. */
  async #asked(fireTime: number, outcome: FireOutcome, to: number): Promise<RunTrace | null> {
    const isOfJob = (event: CarillonEvent) =>
      'jobId' in event && event.jobId === this.#timeline.id && isAt(event, fireTime);
    const events = await this.#log.find(isOfJob, to, () => false);
    const asked = events.flatMap((event) => (event.type === 'job_submitted' && event.asked ? [event.runId] : []));
    const ended = events.flatMap((event) =>
      event.type === `job_${outcome}` && 'runId' in event ? [String(event.runId)] : [],
    );
    const runId = asked.find((one) => ended.includes(one)) ?? asked[0];
    if (runId === undefined) return null;
    const [run] = await this.read([runId]);
    return { runId, run, events: await this.#log.ofRun(runId, to, (event) => isSettled(event, fireTime)) };
  }

  #settledBy(record: DatedRecord, fireTime: number): number {
    if (record.form === 'range') return record.closedAt ?? this.#timeline.now;
    return record.slowestMs === null ? this.#timeline.now : fireTime + record.slowestMs;
  }
}
