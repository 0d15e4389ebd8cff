import type { Claim, PutParams, SubmitParams } from '@carillon/core/internal';
import type { Effect, Reported } from './effect.js';
import type { Job } from './job.js';
import { submissionOf } from './run.js';

/** How a fire time ended, as an explanation must report it. */
export interface KnownOutcome {
  readonly outcome: 'executed' | 'error' | 'cancelled' | 'max_instances' | 'missed' | 'coalesced';
  /** null if no run had it. */
  readonly runId: string | null;
  /** The fire time of the run, if it was coalesced. */
  readonly into: number | null;
}

/** The state of a job from an instant on. */
interface KnownState {
  readonly from: number;
  readonly state: 'active' | 'paused' | 'gone' | 'quarantined';
}

/** The history of a job, from its calls and events. */
export interface KnownJob {
  readonly outcomes: Map<number, KnownOutcome[]>;
  /** Fire times that claims put into runs. Those without an outcome are owed. */
  readonly claimed: Set<number>;
  /** Oldest first. */
  readonly states: KnownState[];
  /** The fire time to be claimed next; null if there is none. */
  pending: number | null;
}

type Jobs = ReadonlyMap<string, Job>;

const ENDS = { job_executed: 'executed', job_error: 'error', job_cancelled: 'cancelled' } as const;

/** Keeps the history of each job, to compare its account with. */
export class Accounts {
  readonly all = new Map<string, KnownJob>();
  /** The fire times of each run, by the claim or submission that entered it. */
  readonly #fires = new Map<string, readonly number[]>();

  /** @param before the jobs before the call; `after`: those after it. */
  effect(effect: Effect, before: Jobs, after: Jobs): void {
    if (effect.failed) return;
    if (effect.call === 'claim') this.#claimed(effect, before, after);
    if (effect.call === 'submit') this.#asked(effect);
    for (const reported of effect.events) this.#reported(reported, before);
    this.#changed(effect, before, after);
  }

  #claimed({ params }: Effect, before: Jobs, after: Jobs): void {
    const { claims } = params as { readonly claims: readonly Claim[] };
    for (const { id, run } of claims) {
      const job = before.get(id);
      if (!run || !job || after.get(id)?.pending?.fireTime === job.pending?.fireTime) continue;
      const { coalesced, scheduledRunTimes } = submissionOf(run);
      this.#fires.set(run.runId, scheduledRunTimes);
      for (const at of scheduledRunTimes) this.#of(id).claimed.add(at);
      const [into = Number.NaN] = scheduledRunTimes;
      for (const at of coalesced ? namedFrom(job, coalesced.first, coalesced.last) : []) {
        this.#add(id, at, { outcome: 'coalesced', runId: run.runId, into });
      }
    }
  }

  #asked({ params }: Effect): void {
    const { run } = params as SubmitParams;
    const { scheduledRunTimes } = submissionOf(run);
    this.#fires.set(run.runId, scheduledRunTimes);
  }

  #reported(reported: Reported, before: Jobs): void {
    const { type, jobId, runId = null, first = 0, last = 0 } = reported;
    if (!jobId) return;
    if (type in ENDS) {
      const outcome = ENDS[type as keyof typeof ENDS];
      this.#add(jobId, reported.scheduledRunTime ?? Number.NaN, { outcome, runId, into: null });
    }
    if (type === 'job_max_instances') {
      for (const at of this.#fires.get(runId ?? '') ?? [])
        this.#add(jobId, at, { outcome: 'max_instances', runId, into: null });
    }
    if (type === 'job_missed') {
      const job = before.get(jobId);
      const ofRun = (this.#fires.get(runId ?? '') ?? []).filter((at) => first <= at && at <= last);
      const all = runId === null ? (job ? namedFrom(job, first, last) : [first]) : ofRun;
      for (const at of all) this.#add(jobId, at, { outcome: 'missed', runId, into: null });
    }
  }

  #changed({ call, params, at, events }: Effect, before: Jobs, after: Jobs): void {
    const from = call === 'put' ? (params as PutParams).readAt : at;
    const aside = new Set(events.flatMap(({ type, id }) => (type === 'job_quarantined' && id ? [id] : [])));
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const job = after.get(id);
      const state = job ? (job.pending ? 'active' : 'paused') : aside.has(id) ? 'quarantined' : 'gone';
      const known = this.#of(id);
      known.pending = job?.pending?.fireTime ?? null;
      const { states } = known;
      if (states.at(-1)?.state !== state || before.get(id) !== job) states.push({ from, state });
    }
  }

  #add(jobId: string, fireTime: number, outcome: KnownOutcome): void {
    const { outcomes } = this.#of(jobId);
    outcomes.set(fireTime, [...(outcomes.get(fireTime) ?? []), outcome]);
  }

  #of(jobId: string): KnownJob {
    const known = this.all.get(jobId) ?? { outcomes: new Map(), claimed: new Set<number>(), states: [], pending: null };
    this.all.set(jobId, known);
    return known;
  }
}

/** The fire times of a job from `first`, the pending one, to `last`, by its trigger. */
function namedFrom({ times }: Job, first: number, last: number): readonly number[] {
  const all = [first];
  for (let next = times.next(first); next !== null && next <= last; next = times.next(next)) all.push(next);
  return all;
}
