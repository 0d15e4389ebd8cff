import type { Claim, ClaimStatus, NewRun, SubmitParams } from '@carillon/core/internal';
import type { Contents } from '@carillon/core/memory';
import type { Asked, Asking, Intent } from '../operations/intent.js';
import type { Note } from './acts.js';
import type { Effect, Fault, Reported } from './effect.js';
import type { Job } from './job.js';
import { type Jobs, MAX_READING_AGE_MS } from './jobs.js';
import { differencesOf, type Policy, submissionOf } from './run.js';
import type { Runs } from './runs.js';
import { Windows } from './windows.js';

interface Parts {
  readonly fault: Fault;
  readonly note: Note;
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly contents: () => Pick<Contents, 'schedule'>;
}

/** How long a process extends a reading of the store's clock by its own clock, ms. */
const CLOCK_READING_LIFE_MS = 1_000;

/** Checks how runs are entered: by claims of due fire times, and by submissions of callers. */
export class Entries {
  readonly #fault: Fault;
  readonly #jobs: Jobs;
  readonly #runs: Runs;
  readonly #contents: Parts['contents'];
  readonly #submits = new Map<string, string>();
  readonly #windows: Windows;

  constructor({ fault, note, jobs, runs, contents }: Parts) {
    this.#windows = new Windows(fault, note, runs);
    this.#fault = fault;
    this.#jobs = jobs;
    this.#runs = runs;
    this.#contents = contents;
  }

  /** The schedule shows which jobs of a page were claimed: it has the next fire of each. */
  claim({ params, at, events }: Effect, answer: unknown): void {
    if (answer === 'paused') {
      if (events.length > 0 || !this.#jobs.isPaused) this.#fault('a claim found the store paused');
      return;
    }
    const { claims } = params as { readonly claims: readonly Claim[] };
    const { schedule } = this.#contents();
    const claimed = claims.filter(({ id }) => schedule.get(id) !== this.#jobs.all.get(id)?.pending?.dueAt);
    const statuses = answer as readonly ClaimStatus[];
    const said = claims.filter((_, index) => statuses[index] !== 'skipped');
    if (said.length !== claimed.length || said.some((one, index) => one !== claimed[index]))
      this.#fault(`${said.length} jobs were claimed, which should be ${claimed.length}`);
    const left = [...events];
    for (const claim of claimed) this.#claimOne(claim, statuses[claims.indexOf(claim)] ?? 'skipped', at, left);
    if (left.length > 0) this.#fault(`a claim also published ${JSON.stringify(left)}`);
    this.#jobs.checkNoneEnded();
  }

  #claimOne({ id, next, run, deliveryId, events }: Claim, status: ClaimStatus, at: number, left: Reported[]): void {
    const job = this.#jobs.firing(id, at);
    if (!job) return;
    if (events.missed !== null) this.#jobs.missed(job, left.shift(), at);
    if (run) {
      const submission = submissionOf(run);
      const fires = this.#jobs.fired(job, submission, at);
      const entered = this.#runs.enter({ run, fires, policy: job, submission }, at, left);
      if (entered === 'submitted' && deliveryId !== null) this.#runs.named(run.runId, deliveryId, at);
      if ((status === 'submitted') !== (entered === 'submitted'))
        this.#fault(`a claim of job ${id} says ${status}, and its run is ${entered}`);
    }
    if (!next) this.#jobs.finished(job, left.shift());
  }

  submit({ params, answer, asked, at, events }: Effect): void {
    const { op, run, readAt = at } = params as SubmitParams;
    const before = this.#submits.get(op);
    if (before !== undefined) {
      if (events.length > 0 || before !== JSON.stringify(answer)) this.#fault('a submission took effect twice');
      return;
    }
    const isStale = at - readAt > MAX_READING_AGE_MS;
    if (isStale !== (answer === 'stale'))
      this.#fault(`a submission ${at - readAt} ms after its clock was read: ${answer}`);
    if (isStale) {
      if (events.length > 0) this.#fault(`a submission that came too late published ${JSON.stringify(events)}`);
      return;
    }
    this.#submits.set(op, JSON.stringify(answer));
    const policy = asked && this.#calledBy(asked, run);
    if (!policy) {
      this.#fault(`a submission that no call made, reported as ${JSON.stringify(events)}`);
      return;
    }
    const submission = submissionOf(run);
    const fires = submission.scheduledRunTimes.map((fireTime) => ({ fireTime, dueAt: fireTime }));
    const intent: Asking = asked.intent.kind === 'enqueue' ? asked.intent : {};
    const due = fires[0]?.fireTime ?? Number.NaN;
    // For a run without a job, the store's clock was read earlier and extended by the clock of the process.
    const aheadMs = asked.intent.kind === 'enqueue' ? Math.min(asked.jumpedMs, CLOCK_READING_LIFE_MS) : 0;
    const latest = intent.at ?? at + (intent.delay ?? 0) + aheadMs;
    if (fires.length !== 1 || !(due <= latest) || due < (intent.at ?? Number.NEGATIVE_INFINITY) || submission.coalesced)
      this.#fault(`a submission is reported as ${JSON.stringify(submission)}`);
    if (this.#windows.isTaken(asked, run.runId, answer, at)) {
      if (events.length > 0) this.#fault(`a duplicate published ${JSON.stringify(events)}`);
      return;
    }
    if (!run.history) this.#fault(`run ${run.runId} was asked for, and its outcome is not kept`);
    const left = [...events];
    const entering = { run, fires, policy: { ...policy, graceMs: intent.misfireGraceTime ?? null }, submission };
    const expected = this.#runs.enter(entering, at, left);
    if (answer !== expected) this.#fault(`a submission was answered ${answer}, which should be ${expected}`);
    if (left.length > 0) this.#fault(`a submission also published ${JSON.stringify(left)}`);
  }

  /** The policy of a run that was asked for: of the call itself, or of the job as it was read. */
  #calledBy(asked: Asked, run: NewRun): Policy | null {
    const { intent } = asked;
    if (intent.kind === 'enqueue') return enqueuedPolicy(intent);
    if (intent.kind !== 'run') return null;
    const jobs = this.#jobs.readBy(asked);
    const isOf = (policy: Job) => differencesOf({ run: { ...run, graceMs: policy.graceMs }, policy }).length === 0;
    return jobs.find(isOf) ?? jobs.at(-1) ?? null;
  }
}

function enqueuedPolicy({
  task,
  play,
  executor,
  priority,
  retry,
  timeout,
}: Extract<Intent, { kind: 'enqueue' }>): Policy {
  return {
    task,
    play,
    executor: executor ?? 'default',
    priority: priority ?? 0,
    graceMs: null,
    maxInstances: Number.POSITIVE_INFINITY,
    overlap: 'skip',
    retry: retry ?? null,
    timeoutMs: timeout ?? null,
    perJob: null,
  };
}
