import type { OfExecution, Range, Reported } from './reported.js';
import type { ChaosJob } from './workload.js';

export type Outcome = 'executed' | 'error' | 'missed' | 'max_instances' | 'coalesced' | 'cancelled';

/** What the events report of one fire time. */
export interface Fire {
  /** Exactly one if all is well. */
  readonly outcomes: Outcome[];
  /** The run that was submitted for it, or into which it was coalesced. */
  runId: string | null;
}

/** What the events report of each fire time of each job, and of runs without a job. */
export class Outcomes {
  readonly faults: string[] = [];
  /** The latest time at which a claimed job was due, ms. A claim after a silence covers all fire times since, and was due at the first. */
  claimedUntil = Number.NEGATIVE_INFINITY;
  readonly #jobs: ReadonlyMap<string, ChaosJob>;
  /** By job: the latest fire time that was claimed. */
  readonly #claimed = new Map<string, number>();
  readonly #fires = new Map<string, Map<number, Fire>>();
  /** Outcomes of runs that were enqueued. */
  readonly enqueued = new Map<string, Outcome[]>();
  /** By execution: when events reported that it failed and will be retried, ms. */
  readonly retries = new Map<string, readonly number[]>();
  /** By run: fire times that have no outcome yet. */
  readonly #live = new Map<string, { readonly jobId: string | null; readonly left: Set<number> }>();
  readonly #liveOf = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #uncounted = new Map<string, number>();

  constructor(jobs: readonly ChaosJob[], events: readonly Reported[]) {
    this.#jobs = new Map(jobs.map((job) => [job.id, job]));
    for (const event of events) this.#book(event);
  }

  of(jobId: string): ReadonlyMap<number, Fire> {
    return this.#fires.get(jobId) ?? new Map<number, Fire>();
  }

  /** By code: how many errors; '' for those of tasks. */
  get errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  /** Returns how many errors of a job its task did not throw. */
  uncounted(jobId: string): number {
    return this.#uncounted.get(jobId) ?? 0;
  }

  #claim(jobId: string | null, times: readonly number[]): void {
    const job = jobId === null ? undefined : this.#jobs.get(jobId);
    const latest = times.at(-1);
    if (!job || latest === undefined) return;
    const before = this.#claimed.get(job.id);
    const due = before === undefined ? job.first : before + job.everyMs;
    this.claimedUntil = Math.max(this.claimedUntil, due);
    this.#claimed.set(job.id, Math.max(before ?? latest, latest));
  }

  #book(event: Reported): void {
    switch (event.type) {
      case 'job_submitted':
        if (event.coalesced) this.#range(event.jobId, event.coalesced, 'coalesced', event.runId);
        for (const time of event.scheduledRunTimes) this.#fire(event.jobId, time).runId = event.runId;
        this.#claim(event.jobId, event.scheduledRunTimes);
        this.#submit(event.runId, event.jobId, event.scheduledRunTimes);
        return;
      case 'job_max_instances':
        if (event.coalesced) this.#range(event.jobId, event.coalesced, 'coalesced', null);
        for (const time of event.scheduledRunTimes) this.#fire(event.jobId, time).outcomes.push('max_instances');
        return;
      case 'job_missed':
        this.#range(event.jobId, event, 'missed', event.runId);
        return;
      case 'job_executed':
        this.#settle(event, 'executed');
        return;
      case 'job_cancelled':
        this.#settle(event, 'cancelled');
        return;
      case 'job_retrying':
        this.retries.set(event.executionId, [...(this.retries.get(event.executionId) ?? []), event.at]);
        return;
      case 'job_error':
        this.#settle(event, 'error');
        this.#error(event);
    }
  }

  #submit(runId: string, jobId: string | null, times: readonly number[]): void {
    const job = this.#jobs.get(jobId ?? '');
    if (this.#live.has(runId)) this.faults.push(`run ${runId} was submitted while it was live`);
    this.#live.set(runId, { jobId, left: new Set(times) });
    if (!job) return;
    const live = (this.#liveOf.get(job.id) ?? 0) + 1;
    this.#liveOf.set(job.id, live);
    if (live > job.maxInstances) this.faults.push(`${job.id}: ${live} live runs, of at most ${job.maxInstances}`);
  }

  #settle({ jobId, runId, scheduledRunTime: time }: OfExecution, outcome: Outcome): void {
    if (jobId === null) this.enqueued.set(runId, [...(this.enqueued.get(runId) ?? []), outcome]);
    else this.#fire(jobId, time).outcomes.push(outcome);
    this.#done(runId, time);
  }

  #error({ jobId, error }: Reported & { readonly type: 'job_error' }): void {
    const code = error.code ?? '';
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
    if (code !== '' && jobId !== null) this.#uncounted.set(jobId, this.uncounted(jobId) + 1);
    const fails = this.#jobs.get(jobId ?? '')?.fails === true;
    if (code === '' && !fails) this.faults.push(`${jobId}: a task that does not fail did: ${error.message}`);
  }

  #done(runId: string, time: number): void {
    const run = this.#live.get(runId);
    if (!run?.left.delete(time) || run.left.size > 0) return;
    this.#live.delete(runId);
    if (run.jobId !== null) this.#liveOf.set(run.jobId, (this.#liveOf.get(run.jobId) ?? 0) - 1);
  }

  #range(jobId: string | null, { first, last }: Range, outcome: Outcome, runId: string | null): void {
    const job = this.#jobs.get(jobId ?? '');
    if (!job) return;
    for (let time = first; time <= last; time += job.everyMs) {
      const fire = this.#fire(job.id, time);
      fire.outcomes.push(outcome);
      fire.runId ??= runId;
      if (runId !== null && outcome === 'missed') this.#done(runId, time);
    }
    if ((last - first) % job.everyMs !== 0) this.faults.push(`${jobId}: ${last} ends a range, but is not a fire time`);
  }

  #fire(jobId: string | null, time: number): Fire {
    const fires = this.#fires.get(jobId ?? '') ?? new Map<number, Fire>();
    this.#fires.set(jobId ?? '', fires);
    const fire = fires.get(time) ?? { outcomes: [], runId: null };
    fires.set(time, fire);
    return fire;
  }
}
