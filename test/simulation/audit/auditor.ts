import type {
  Delivery,
  DuePage,
  HandBackParams,
  HeartbeatParams,
  OutboxPage,
  Suspect,
  SuspectPage,
} from '@carillon/core/internal';
import type { Contents } from '@carillon/core/memory';
import type { TaskCall } from '../cluster/tasks.js';
import type { Asked } from '../operations/intent.js';
import { Absences } from './absences.js';
import { Accounts, type KnownJob } from './accounts.js';
import type { Act } from './acts.js';
import { Cancels } from './cancels.js';
import { checkContents } from './contents.js';
import type { Effect } from './effect.js';
import { Entries } from './entries.js';
import { Executions } from './executions.js';
import { type FireCounts, Jobs } from './jobs.js';
import { Lives } from './lives.js';
import { Presence } from './presence.js';
import { Readings } from './readings.js';
import { type OutcomeCounts, Runs } from './runs.js';
import { Sequence } from './sequence.js';
import { Terms } from './terms.js';

/** The parts of the simulation that the auditor may query. */
export interface Witness {
  readonly calls: readonly TaskCall[];
  /** Whether anything went wrong with a process since an instant. */
  wasStruck(process: string, since: number): boolean;
  contents(): Contents;
  /** Whether planning this job may fail. */
  isFragile(jobId: string): boolean;
  /** Whether a delivery is on its queue, taken or not. */
  isQueued(executor: string, deliveryId: string): boolean;
  /** Whether the worker in a process has not got a task. */
  lacks(process: string, task: string): boolean;
  /** How long no worker may have a task before its runs are errors, ms. */
  readonly patienceMs: number;
}

export interface Counts {
  readonly fires: FireCounts;
  readonly outcomes: OutcomeCounts;
  readonly acts: Partial<Record<Act, number>>;
  /** Calls of tasks, without the first for each fire time and without its retries. */
  readonly repeated: number;
}

type Judges = Readonly<Record<string, (effect: Effect, answer: unknown) => void>>;

/** Events of calls that change neither jobs nor runs. */
const REPORTED_BY: Readonly<Record<string, readonly string[]>> = {
  announce: ['scheduler_started', 'scheduler_shutdown', 'all_jobs_removed'],
  beginTerm: ['leader_elected'],
  endTerm: ['leader_lost'],
  join: ['worker_joined'],
  leave: ['worker_left'],
  loseWorkers: ['worker_left'],
  setPaused: ['scheduler_paused', 'scheduler_resumed'],
};

/**
 * Compares every call, as it takes effect, with the promises of the store. It shares no code with what it judges, and
 * knows only ports, events and documentation.
 */
export class Auditor {
  readonly violations: string[] = [];
  readonly #witness: Witness;
  readonly #sequence: Sequence;
  readonly #terms: Terms;
  readonly #jobs: Jobs;
  readonly #runs: Runs;
  readonly #entries: Entries;
  readonly #cancels: Cancels;
  readonly #readings: Readings;
  readonly #executions: Executions;
  readonly #absences: Absences;
  readonly #presence: Presence;
  readonly #lives: Lives;
  readonly #accounts = new Accounts();
  readonly #acts = new Map<Act, number>();
  /** The instant of the last effect. */
  #at = 0;
  /** Calls that are judged together with their events. */
  readonly #withEvents: Judges = {
    read: (effect) => {
      this.#jobs.read(effect);
      this.#cancels.read(effect);
    },
    put: (effect) => this.#jobs.put(effect),
    submit: (effect) => {
      this.#entries.submit(effect);
      this.#readings.submitted(effect);
    },
    cancel: (effect) => {
      this.#runs.cancel(effect);
      this.#cancels.cancelled(effect);
    },
    claim: (effect, answer) => this.#entries.claim(effect, answer),
    quarantineJobs: (effect) => this.#jobs.quarantined(effect),
    start: (effect) => this.#runs.start(effect),
    settle: (effect) => {
      for (const settled of this.#runs.settle(effect)) {
        this.#executions.settled(settled);
        if (settled.reported.error?.code === 'UNKNOWN_TASK') this.#absences.settled(settled);
      }
    },
  };
  /** Calls that change or report what is owed, and publish nothing about it. */
  readonly #withoutEvents: Judges = {
    setPaused: ({ params }) => {
      this.#jobs.isPaused = (params as { readonly paused: boolean }).paused;
    },
    hold: (effect) => this.#jobs.hold(effect),
    due: (_, answer) => this.#jobs.due(answer as DuePage),
    history: (effect) => this.#readings.listed(effect),
    runs: (effect) => this.#readings.read(effect),
    liveRuns: (effect) => this.#cancels.listed(effect),
    outbox: ({ at }, answer) => this.#runs.outbox(answer as OutboxPage, at),
    assign: ({ params, at }, answer) => {
      const { deliveries } = params as { readonly deliveries: readonly Delivery[] };
      this.#runs.assign(deliveries, answer as readonly string[], at);
    },
    add: ({ params }) => this.#runs.queued((params as Delivery).id),
    confirmQueued: ({ params }) =>
      this.#runs.confirmQueued((params as { readonly deliveries: readonly Delivery[] }).deliveries),
    reap: (effect, answer) => this.#reap(effect, answer),
    heartbeat: (effect, answer) => this.#heartbeat(effect, answer),
    join: (effect) => {
      this.#absences.join(effect);
      this.#presence.join(effect);
    },
    leave: (effect) => {
      this.#absences.gone([effect.params as string]);
      this.#presence.leave(effect);
    },
    loseWorkers: (effect, answer) => {
      this.#absences.gone(answer as readonly string[]);
      this.#presence.lose(effect, answer as readonly string[]);
    },
    noteTask: (effect) => this.#absences.noted(effect),
    handBack: ({ params, at }) => this.#runs.handBack(params as HandBackParams, at),
    quarantineRuns: (effect) => this.#neverExpected(effect),
    refuse: (effect) => this.#neverExpected(effect),
    restoreRuns: (effect) => this.#neverExpected(effect),
    suspects: (_, answer) => {
      const { strays } = answer as SuspectPage;
      if (strays.length > 0) this.#fault(`runs ${strays} are owed and nowhere`);
    },
  };

  constructor(witness: Witness) {
    this.#witness = witness;
    const fault = (what: string) => void this.violations.push(what);
    this.#sequence = new Sequence(fault);
    this.#terms = new Terms(fault, () => witness.contents());
    const note = (act: Act) => void this.#acts.set(act, (this.#acts.get(act) ?? 0) + 1);
    this.#jobs = new Jobs(fault, note, witness.isFragile);
    this.#runs = new Runs(fault, note, witness);
    const { contents } = witness;
    this.#entries = new Entries({ fault, note, jobs: this.#jobs, runs: this.#runs, contents });
    this.#cancels = new Cancels(fault, this.#runs);
    this.#readings = new Readings(fault, note, this.#runs, witness.wasStruck);
    this.#executions = new Executions(fault, witness);
    this.#absences = new Absences(fault, note, witness);
    this.#presence = new Presence(fault);
    this.#lives = new Lives(fault);
  }

  get counts(): Counts {
    const { counts: fires } = this.#jobs;
    const { counts: outcomes } = this.#runs;
    return { fires, outcomes, acts: Object.fromEntries(this.#acts), repeated: this.#executions.repeated };
  }

  /** The history of each job. */
  get accounts(): ReadonlyMap<string, KnownJob> {
    return this.#accounts.all;
  }

  /** Grows with each fire time of a run that ends. */
  get progress(): number {
    return Object.values(this.#runs.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Whether every due fire has its outcome. */
  caughtUp(now: number): boolean {
    return ![...this.#jobs.all.values()].some(({ pending }) => pending && pending.dueAt <= now);
  }

  get nothingOwed(): boolean {
    return this.#runs.owed.size === 0;
  }

  /** Runs that end only when they are cancelled, and are not cancelled yet. */
  get hanging(): readonly string[] {
    const runs = [...this.#runs.owed.values()].filter(({ cancelled }) => !cancelled);
    return runs.filter(({ policy: { play, timeoutMs } }) => play.hangs && timeoutMs === null).map(({ id }) => id);
  }

  /** Describes what is owed. */
  get owed(): readonly string[] {
    const jobs = [...this.#jobs.all.values()].map(({ id, pending }) => `job ${id}: ${pending?.dueAt}`);
    const runs = [...this.#runs.owed.values()].map(({ id, jobId, token }) => `run ${id} of ${jobId}, token ${token}`);
    return [...jobs, ...runs];
  }

  /** Runs that a producer may know of: the last two that ended, then those that are owed. */
  get runIds(): readonly string[] {
    return [...[...this.#runs.ends.keys()].slice(-2), ...this.#runs.owed.keys()];
  }

  /** Checks the result of an asking: the error `code`, or null if it returned `value`. */
  asked(asked: Asked, code: string | null, value?: unknown): void {
    if (code === 'CONNECTION') return;
    const isRight = this.#cancels.ended(asked, code) ?? this.#readings.ended(asked, code, value, this.#at);
    if (isRight === null) this.#jobs.ended(asked, code);
    else if (!isRight) this.#fault(`asking ${asked.n} (${asked.intent.kind}) ended with ${code} for no reason`);
  }

  effect(effect: Effect): void {
    const { call, events, failed } = effect;
    this.#at = effect.at;
    this.#sequence.check(effect);
    if (failed && events.length > 0) this.#fault(`${call} failed, and published`);
    const before = new Map(this.#jobs.all);
    if (this.#terms.allow(effect)) this.#judge(effect);
    this.#accounts.effect(effect, before, this.#jobs.all);
    this.#runs.checkNoneForgotten();
    const contents = this.#witness.contents();
    checkContents(contents, this.#jobs, this.#runs, (what) => this.#fault(what));
    this.#lives.check(call, contents);
  }

  /** `log`: all that the store's log keeps, oldest first. */
  end(log: readonly string[]): void {
    this.#sequence.checkLog(log);
    this.#executions.end();
  }

  #judge(effect: Effect): void {
    const { call, events } = effect;
    const answer = this.#terms.valueOf(effect);
    const judgeWithEvents = this.#withEvents[call];
    if (judgeWithEvents) {
      judgeWithEvents(effect, answer);
      return;
    }
    this.#withoutEvents[call]?.(effect, answer);
    const others = events.filter(({ type }) => !REPORTED_BY[call]?.includes(type));
    if (others.length > 0) this.#fault(`${call} published ${JSON.stringify(others)}`);
  }

  #reap({ params, at }: Effect, answer: unknown): void {
    const { suspect, leaseMs } = params as { readonly suspect: Suspect; readonly leaseMs: number };
    this.#runs.reap(suspect, leaseMs, String(answer), at);
    this.#checkQueue(suspect, String(answer));
  }

  #heartbeat(effect: Effect, answer: unknown): void {
    const { params, at } = effect;
    this.#presence.heartbeat(effect);
    this.#absences.heartbeat(effect);
    const reported = answer as { readonly refused: readonly string[]; readonly cancelled: readonly string[] };
    this.#runs.heartbeat(params as HeartbeatParams, reported, at);
  }

  /** The outcome must agree with whether the delivery is on its queue. */
  #checkQueue({ runId, executor, deliveryId }: Suspect, outcome: string): void {
    const isQueued = this.#witness.isQueued(executor, deliveryId);
    if (outcome === (isQueued ? 'reaped' : 'queued'))
      this.#fault(`run ${runId}: ${outcome}, and its delivery is ${isQueued ? '' : 'not '}on its queue`);
  }

  #neverExpected({ call }: Effect): void {
    this.#fault(`${call}: nothing is unreadable, refused or astray`);
  }

  #fault(what: string): void {
    this.violations.push(what);
  }
}
