import type {
  DeliveredRun,
  Delivery,
  HeartbeatParams,
  HeldRun,
  OutboxPage,
  SubmitParams,
} from '@carillon/core/internal';
import type { Contents } from '@carillon/core/memory';
import type { TaskCall } from '../cluster/tasks.js';
import type { Asked } from '../operations/intent.js';
import { checkContents } from './contents.js';
import type { Effect } from './effect.js';
import { Executions } from './executions.js';
import type { Job } from './job.js';
import { type FireCounts, Jobs } from './jobs.js';
import { claimOf, type OutcomeCounts, Runs } from './runs.js';
import { Sequence } from './sequence.js';
import { Terms } from './terms.js';

/** What of the surroundings the auditor may ask. */
export interface Witness {
  readonly calls: readonly TaskCall[];
  /** Whether anything went wrong with a process since an instant. */
  wasStruck(process: string, since: number): boolean;
  contents(): Contents;
  /** Whether a delivery is on its queue, taken or not. */
  isQueued(executor: string, deliveryId: string): boolean;
}

/** Events that calls publish which change neither jobs nor runs. */
const TOLD_BY: Readonly<Record<string, readonly string[]>> = {
  announce: ['scheduler_started', 'scheduler_shutdown', 'all_jobs_removed'],
  beginTerm: ['leader_elected'],
  endTerm: ['leader_lost'],
  join: ['worker_joined'],
  loseWorkers: ['worker_lost'],
  setPaused: ['scheduler_paused', 'scheduler_resumed'],
};

/**
 * Watches every call as it takes effect, and holds what the store does against what was promised. It shares no code with what
 * it judges: it knows ports, events and documentation.
 */
export class Auditor {
  readonly violations: string[] = [];
  readonly #witness: Witness;
  readonly #sequence: Sequence;
  readonly #terms: Terms;
  readonly #jobs: Jobs;
  readonly #runs: Runs;
  readonly #executions: Executions;
  readonly #submits = new Map<string, unknown>();

  constructor(witness: Witness) {
    this.#witness = witness;
    const fault = (what: string) => void this.violations.push(what);
    this.#sequence = new Sequence(fault);
    this.#terms = new Terms(fault, () => witness.contents());
    this.#jobs = new Jobs(fault);
    this.#runs = new Runs(fault, witness.wasStruck);
    this.#executions = new Executions(fault, witness);
  }

  get counts(): { readonly fires: FireCounts; readonly outcomes: OutcomeCounts; readonly repeated: number } {
    return { fires: this.#jobs.counts, outcomes: this.#runs.counts, repeated: this.#executions.repeated };
  }

  /** Grows with each execution that is settled. */
  get progress(): number {
    const { executed, error, missed } = this.#runs.counts;
    return executed + error + missed;
  }

  /** Whether no fire is due that has no outcome. */
  caughtUp(now: number): boolean {
    return ![...this.#jobs.all.values()].some(({ pending }) => pending && pending.dueAt <= now);
  }

  get nothingOwed(): boolean {
    return this.#runs.live.size === 0;
  }

  /** What is owed, in words. */
  get owed(): readonly string[] {
    const jobs = [...this.#jobs.all.values()].map(({ id, pending }) => `job ${id}: ${pending?.dueAt}`);
    const runs = [...this.#runs.live.values()].map(({ id, jobId, token }) => `run ${id} of ${jobId}, token ${token}`);
    return [...jobs, ...runs];
  }

  asked(asked: Asked, code: string | null): void {
    this.#jobs.ended(asked, code);
  }

  effect(effect: Effect): void {
    const { call, events, failed } = effect;
    this.#sequence.check(effect);
    if (failed && events.length > 0) this.#fault(`${call} failed, and published`);
    if (this.#terms.allow(effect)) this.#judge(effect);
    this.#runs.checkNoneForgotten();
    checkContents(this.#witness.contents(), this.#jobs, this.#runs, (what) => this.#fault(what));
  }

  end(): void {
    this.#executions.end();
  }

  #judge(effect: Effect): void {
    const { call, params, at, events } = effect;
    const answer = this.#terms.valueOf(effect);
    switch (call) {
      case 'read':
        this.#jobs.read(effect);
        return;
      case 'put':
        this.#jobs.put(effect);
        return;
      case 'setPaused':
        this.#jobs.isPaused = (params as { readonly paused: boolean }).paused;
        break;
      case 'submit':
        this.#submit(effect);
        return;
      case 'claim':
        this.#claim(effect, answer);
        return;
      case 'deliver':
        this.#runs.deliver(answer as OutboxPage, at);
        break;
      case 'add':
        this.#runs.queued((params as Delivery).id);
        break;
      case 'delivered':
        this.#runs.delivered((params as { readonly runs: readonly DeliveredRun[] }).runs);
        break;
      case 'reap': {
        const { suspect, leaseMs } = params as { readonly suspect: DeliveredRun; readonly leaseMs: number };
        this.#runs.reap(suspect, leaseMs, String(answer), at);
        this.#checkQueue(suspect, String(answer));
        break;
      }
      case 'start':
        this.#runs.start(effect);
        return;
      case 'settle':
        for (const settled of this.#runs.settle(effect)) this.#executions.settled(settled);
        return;
      case 'heartbeat':
        this.#runs.heartbeat(
          params as HeartbeatParams,
          (answer as { readonly refused: readonly string[] }).refused,
          at,
        );
        break;
      case 'handBack':
        this.#runs.handBack(params as readonly HeldRun[]);
        break;
      case 'quarantine':
      case 'refuse':
        this.#fault(`${call}: nothing is unreadable, nothing is refused`);
    }
    const besides = events.filter(({ type }) => !TOLD_BY[call]?.includes(type));
    if (besides.length > 0) this.#fault(`${call} published ${JSON.stringify(besides)}`);
  }

  /** What a page of claims came to is in its events: those of one job follow each other. */
  #claim({ params, at, events }: Effect, answer: unknown): void {
    if (answer === 'paused' && (events.length > 0 || !this.#jobs.isPaused))
      this.#fault('a claim found the store paused');
    for (const told of events) {
      const job = told.type === 'job_removed' ? this.#jobs.all.get(told.jobId ?? '') : this.#jobs.firing(told);
      if (!job) continue;
      switch (told.type) {
        case 'job_missed':
          this.#jobs.missed(job, told, at);
          break;
        case 'job_max_instances':
          this.#jobs.fired(job, told, at);
          this.#checkFull(job.id, job.maxInstances);
          break;
        case 'job_submitted': {
          const fires = this.#jobs.fired(job, told, at);
          const { maxInstances } = job;
          this.#runs.enter({ told, run: claimOf(params, told.runId), fires, of: job, maxInstances });
          break;
        }
        case 'job_removed':
          this.#jobs.finished(job);
          break;
        default:
          this.#fault(`a claim published ${JSON.stringify(told)}`);
      }
    }
    this.#jobs.checkNoneEnded();
  }

  #submit({ params, answer, asked, at, events }: Effect): void {
    const { op, run } = params as SubmitParams;
    if (this.#submits.has(op)) {
      if (events.length > 0 || this.#submits.get(op) !== answer) this.#fault('a submission took effect twice');
      return;
    }
    this.#submits.set(op, answer);
    const [told, ...more] = events;
    const of = asked && this.#calledBy(asked, run.json, run.executor);
    if (!of || !told || more.length > 0) {
      this.#fault(`a submission of nobody, told as ${JSON.stringify(events)}`);
      return;
    }
    if (answer === 'max_instances') {
      if (told.type !== 'job_max_instances') this.#fault(`a submission was refused, told as ${told.type}`);
      this.#checkFull(told.jobId ?? '', of.maxInstances);
      return;
    }
    const fires = (told.scheduledRunTimes ?? []).map((fireTime) => ({ fireTime, dueAt: fireTime }));
    if (told.type !== 'job_submitted' || fires.length !== 1 || (fires[0]?.fireTime ?? 0) > at + 1_000) {
      this.#fault(`a submission was told as ${JSON.stringify(told)}`);
    }
    this.#runs.enter({ told, run, fires, of: { ...of, graceMs: null }, maxInstances: of.maxInstances });
  }

  /** What a run that was asked for is a run of: the call itself, or the job as it was read. */
  #calledBy(asked: Asked, json: string, executor: string) {
    const { intent } = asked;
    if (intent.kind === 'enqueue') return { ...intent, maxInstances: Number.POSITIVE_INFINITY };
    if (intent.kind !== 'run') return null;
    const { args } = JSON.parse(json) as { readonly args: readonly { readonly n: number }[] };
    const is = (job: Job) => job.play.n === args[0]?.n && job.executor === executor;
    const jobs = this.#jobs.readBy(asked);
    return jobs.find(is) ?? null;
  }

  /** What its queue has is the queue's affair. */
  #checkQueue({ runId, executor, deliveryId }: DeliveredRun, outcome: string): void {
    const isQueued = this.#witness.isQueued(executor, deliveryId);
    if (outcome === (isQueued ? 'reaped' : 'queued'))
      this.#fault(`run ${runId}: ${outcome}, and its delivery is ${isQueued ? '' : 'not '}on its queue`);
  }

  #checkFull(jobId: string, maxInstances: number): void {
    const live = this.#runs.liveOf(jobId);
    if (live < maxInstances) this.#fault(`job ${jobId} was refused a run: it has ${live} of ${maxInstances}`);
  }

  #fault(what: string): void {
    this.violations.push(what);
  }
}
