import type {
  Claim,
  ClaimOutcome,
  Delivery,
  DuePage,
  DuePlace,
  Fenced,
  JobReading,
  OutboxPage,
  RunRoute,
  Settlement,
  SettleOutcome,
  StartOutcome,
  Suspect,
  UpcomingPage,
} from '@carillon/core/internal';
import type { TestedStore } from './contract.js';
import { electAndRaise } from './contract-account.js';
import {
  ABOUT,
  IDS,
  type Started,
  type Step,
  someChanges,
  someClaims,
  someRun,
  someSettlements,
  someWindow,
  withDouble,
} from './contract-choices.js';
import { damagedJob, damagedRun, listed, liveRuns, logged, looked, suspected } from './contract-looks.js';
import { elect } from './contract-records.js';

const QUARANTINED = { type: 'job_quarantined', about: ABOUT } as const;

/** Redis, memory. */
export type Pair = readonly [TestedStore, TestedStore];

/** How often each kind occurs among the steps. */
const FREQUENCIES = {
  pass: 1,
  put: 3,
  hold: 1,
  read: 1,
  list: 1,
  inspect: 1,
  damage: 1,
  submit: 3,
  setPaused: 1,
  cancel: 2,
  announce: 1,
  runs: 3,
  liveRuns: 1,
  history: 1,
  events: 1,
  account: 3,
  goneJobs: 1,
  storeAccount: 1,
  alerts: 1,
  elect: 1,
  due: 4,
  upcoming: 2,
  claim: 4,
  outbox: 2,
  serving: 1,
  assign: 3,
  confirmQueued: 2,
  refuse: 1,
  suspects: 1,
  reap: 2,
  quarantine: 1,
  release: 1,
  damageRun: 1,
  quarantineRun: 1,
  loseWorkers: 1,
  start: 5,
  settle: 5,
  heartbeat: 2,
  progress: 1,
  handBack: 1,
  join: 1,
  leave: 1,
  noteTask: 2,
};

export const STEPS = Object.entries(FREQUENCIES).flatMap(([kind, count]) => Array.from({ length: count }, () => kind));

const TOKENS = ['t1', 't2', 't3'];
const PASS = [0, 1, 50, 100, 1_000, 10_001];
const LEASE_MS = 100;
const NO_RUN: Suspect = { runId: 'none', deliveryId: 'd', executor: 'default' };

const JOINED = { type: 'worker_joined', about: ABOUT } as const;
const servedBy = (choice: number) => ({
  executors: ['other', 'default'],
  tasks: choice % 3 === 0 ? ['a task', 'x'] : [],
});
const workerOf = (choice: number) => ({ workerId: `w${choice % 3}`, json: `{"a":${choice}}` });

/** The runs that claims entered with their own delivery. */
function claimedDeliveries(claims: readonly Claim[], answer: Fenced<ClaimOutcome>): Suspect[] {
  const statuses = answer.status === 'done' && Array.isArray(answer.value) ? answer.value : [];
  return claims.flatMap(({ run, deliveryId }, index) => {
    if (statuses[index] !== 'submitted' || !run || deliveryId === null) return [];
    return { runId: run.runId, deliveryId, executor: run.executor };
  });
}

/** Groups runs by their deliveries, in the order of the runs. */
function deliveriesOf(runs: readonly Suspect[]): Delivery[] {
  const ids = [...new Set(runs.map(({ deliveryId }) => deliveryId))];
  return ids.map((id) => {
    const ofIt = runs.filter(({ deliveryId }) => deliveryId === id);
    return { id, executor: ofIt[0]?.executor ?? '', priority: 0, runIds: ofIt.map(({ runId }) => runId) };
  });
}

type Call = (contract: TestedStore) => unknown;

/** What a step acts on; most of it exists. */
interface Choice {
  readonly step: Step;
  readonly now: number;
  readonly epoch: number;
  readonly run: Suspect;
  readonly token: string;
  readonly held: Started;
  readonly runId: string;
}

/** Plays the same steps on two stores. All that it knows is from the answers of the first store. */
export class Play {
  readonly #pair: Pair;
  /** Ids of all runs that a step tried to enter, the newest first. */
  readonly #runIds: string[] = [];
  readonly #deliveries: Suspect[] = [];
  #outbox: readonly RunRoute[] = [];
  /** The runs of the last `assign`, with their delivery ids. */
  #given: readonly Suspect[] = [];
  /** Runs that were started, the newest first. */
  readonly #started: Started[] = [];
  #damaged: string | undefined;
  #claims: readonly Claim[] = [];
  /** The settlements of the last `settle`. */
  #settlements: readonly Settlement[] = [];
  #reading: JobReading | undefined;
  /** The jobs that were due last. */
  #due: DuePage['jobs'] = [];
  /** Where the next page of jobs that are due soon begins. */
  #after: DuePlace | null = null;
  #epoch = 0;
  #calls = 0;
  readonly #last = new Map<string, { readonly params: unknown; readonly now: number }>();

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  /** Returns the answers of both stores. */
  async step(step: Step): Promise<readonly unknown[]> {
    const call = this.#call(step);
    const answers: unknown[] = [];
    for (const contract of this.#pair) {
      answers.push(await Promise.resolve(call(contract)).catch((error: unknown) => ({ error: String(error) })));
    }
    this.#learn(step, answers[0]);
    return answers;
  }

  #learn({ kind, b, c }: Step, answer: unknown): void {
    if (kind === 'read' || kind === 'damage') this.#reading = answer as JobReading;
    if (kind === 'upcoming') this.#after = (answer as UpcomingPage).last;
    if (kind === 'due') this.#due = (answer as DuePage).jobs;
    // The play claims no job that it read before the damage: a leader on Redis does not look again, and may not see it.
    if (kind === 'damage') this.#due = this.#due.filter(({ id }) => !isDamaged(answer as JobReading, id));
    if (kind === 'elect') this.#epoch = answer as number;
    if (kind === 'damageRun' && answer === true) this.#damaged = this.#runId(b);
    if (kind === 'outbox') this.#outbox = (answer as OutboxPage).runs;
    if (kind === 'claim') this.#deliveries.unshift(...claimedDeliveries(this.#claims, answer as Fenced<ClaimOutcome>));
    if (kind === 'assign') {
      const { value = [] } = answer as { value?: readonly string[] };
      this.#deliveries.unshift(...this.#given.filter(({ runId }) => value.includes(runId)));
    }
    if (kind === 'start') {
      for (const outcome of (answer as readonly StartOutcome[]).toReversed()) {
        if (outcome.status !== 'started') continue;
        const { runId, done } = outcome.run;
        this.#started.unshift({ runId, token: TOKENS[c % 3] ?? '', done, run: outcome.run });
      }
    }
    if (kind === 'settle') {
      for (const [index, outcome] of (answer as readonly SettleOutcome[]).entries()) {
        if (outcome === 'settled') this.#goOn(this.#settlements[index]);
      }
    }
  }

  /** Assumes that the settled run goes on with its next fire time. */
  #goOn(settled: Settlement | undefined): void {
    const place = this.#started.findIndex((held) => held.runId === settled?.run.runId && held.token === settled.token);
    const held = this.#started[place];
    if (held && settled) this.#started[place] = { ...held, done: settled.index + 1 };
  }

  #call(step: Step): Call {
    const choice = this.#choice(step);
    const call = this.#ofRecords(choice) ?? this.#ofTerms(choice) ?? this.#ofLedger(choice);
    if (!call) throw new Error(`no step ${step.kind}`);
    return call;
  }

  #choice(step: Step): Choice {
    const { a, b, c } = step;
    const [{ now }] = this.#pair;
    const epoch = a === 0 ? this.#epoch - 1 : this.#epoch;
    const run = this.#deliveries[b % Math.min(4, this.#deliveries.length || 1)] ?? NO_RUN;
    const token = TOKENS[c % 3] ?? '';
    const last = this.#started[b % Math.min(3, this.#started.length || 1)];
    const held: Started = last && c % 4 > 0 ? last : { runId: run.runId, token, done: 0, run: null };
    return { step, now, epoch, run, token, held, runId: this.#runId(b) };
  }

  /** Calls of producers, and steps of time. */
  #ofRecords({ step, now, held, runId }: Choice): Call | undefined {
    const { a, b, c, d } = step;
    switch (step.kind) {
      case 'pass':
        return ({ pass }) => pass(PASS[a % PASS.length] ?? 0);
      case 'put': {
        const changes = someChanges(step, now, this.#reading);
        const params = { op: this.#name('op'), readAt: b === 0 ? now - 10_001 : now, changes };
        const call = this.#orRepeated('put', step, now, params);
        return ({ store }) => store.records.put(call);
      }
      case 'hold': {
        const ids = [IDS[a % 4] ?? '', IDS[b % 4] ?? ''];
        return ({ store }) => store.records.hold({ ids, ms: [0, 30, 100, 2_000][c % 4] ?? 0 });
      }
      case 'read':
        return ({ store }) => store.records.read(IDS);
      case 'list':
        return (contract) => listed(contract, 1 + (a % 5));
      case 'inspect':
        return looked;
      case 'release': {
        // What is left of a damaged record differs between stores.
        const all = async ({ store }: TestedStore) =>
          (await store.records.quarantined({ name: null, limit: 1 + (a % 5) })).map(({ name, why, at, job }) => {
            return { name, why, at, pending: job?.pending };
          });
        const id = IDS[a % 4] ?? '';
        const op = this.#name('op');
        const event = { type: 'job_added', about: ABOUT } as const;
        if (c % 4 === 0) return all;
        const gone = { type: 'quarantine_removed', about: ABOUT } as const;
        if (c % 8 === 1) return ({ store }) => store.records.forgetQuarantined({ op, name: id, event: gone });
        if (c % 8 === 5) {
          const call = this.#orRepeated('release', step, now, { op, name: id, id, event });
          return ({ store }) => store.records.restoreJob(call);
        }
        return async ({ store }) => {
          const of = (await store.records.quarantined({ name: null, limit: 100 })).find(({ job }) => job);
          return of?.job && store.records.restoreJob({ op, name: of.name, id: of.job.id, event });
        };
      }
      case 'damage': {
        const id = IDS[a % 4] ?? '';
        return (contract) => damagedJob(contract, b % 3 === 0 ? id : null, IDS);
      }
      case 'submit': {
        const readAt = b % 8 === 7 ? now - 10_001 : now;
        const run = someRun(this.#newRunId(), step, now);
        const params = { op: this.#name('op'), run, readAt, dedupe: someWindow(step) };
        const call = this.#orRepeated('submit', step, now, params);
        return ({ store }) => store.records.submit(call);
      }
      case 'setPaused': {
        const paused = a % 4 === 0;
        const event = { type: paused ? 'scheduler_paused' : 'scheduler_resumed', about: ABOUT };
        return ({ store }) => store.records.setPaused({ paused, event });
      }
      case 'cancel': {
        const runIds = [c % 3 === 0 ? held.runId : runId, ...(d % 3 === 0 ? [this.#runId(b + 1), 'unknown'] : [])];
        const call = this.#orRepeated('cancel', step, now, { op: this.#name('op'), runIds, ...someAsker(a) });
        return ({ store }) => store.records.cancel(call);
      }
      case 'announce': {
        const event = { type: 'all_jobs_removed', about: ABOUT };
        const call = this.#orRepeated('announce', step, now, { op: this.#name('op'), event });
        return ({ store }) => store.records.announce(call);
      }
      case 'runs': {
        const runIds = [...this.#runIds.slice(0, 20), 'unknown'];
        return ({ store }) => store.records.runs(runIds);
      }
      case 'liveRuns':
        return (contract) => liveRuns(contract, IDS[a % 4] ?? '');
      case 'history':
        return ({ store }) => store.records.history({ jobId: IDS[a % 4] ?? '', limit: 1 + (b % 5) });
      case 'account':
        return ({ store }) => store.records.account(IDS[a % 4] ?? '');
      case 'goneJobs':
        return ({ store }) => store.records.goneJobs({ limit: 1 + (a % 3), cursor: b % 3 === 0 ? '1' : null });
      case 'storeAccount':
        return ({ store }) => store.records.storeAccount({ limit: 1 + (a % 9), cursor: b % 3 === 0 ? '2' : null });
      case 'alerts':
        return this.#ofAlerts(step, now);
      case 'events':
        return (contract) => logged(contract, 1 + (a % 40));
      default:
        return undefined;
    }
  }

  /** Calls of the watchers that check a store for alerts. */
  #ofAlerts({ a, b, c }: Step, now: number): Call {
    const watcherId = `watcher${b % 2}`;
    const silence = c % 3 === 0 ? null : { until: now + 100 * (c % 20), json: `{"a":${a}}` };
    return async ({ store: { alerts } }) => {
      if (a % 4 === 0) return alerts.silence({ id: `s${b % 3}`, silence });
      if (a % 4 === 1) return { ...(await alerts.hold({ watcherId, forMs: 100 * (c % 3) })), silences: null };
      const fields = new Map([[`f${c % 3}`, c % 4 === 0 ? '' : `v${b}`]]);
      if (a % 4 === 2) return alerts.keep({ watcherId, fields });
      const read = await alerts.read();
      const ofId = ({ id }: { readonly id: string }) => id;
      return { ...read, fields: [...read.fields].sort(), silences: read.silences.map(ofId).sort() };
    };
  }

  /** Calls of leaders. */
  #ofTerms({ step, now, epoch, run, runId }: Choice): Call | undefined {
    const { a, b, c, d } = step;
    switch (step.kind) {
      // Most elections raise the format.
      case 'elect':
        return a % 4 === 0 ? elect : electAndRaise;
      case 'due':
        return ({ store }) => store.terms.due(1 + (a % 5));
      case 'upcoming': {
        const params = { withinMs: 100 * (a % 20), after: b % 4 === 0 ? null : this.#after, limit: 1 + (c % 4) };
        return ({ store }) => store.terms.upcoming(params);
      }
      case 'claim': {
        const jobs = d % 4 === 0 ? this.#reading?.jobs : this.#due;
        const claims = someClaims(step, now, jobs ?? [], () => this.#newRunId());
        this.#claims = claims;
        return ({ store }) => store.terms.claim({ epoch, claims });
      }
      case 'serving':
        return ({ store }) => store.terms.serving(['default', 'other']);
      case 'outbox':
        return ({ store }) => store.terms.outbox(1 + (a % 9));
      case 'assign': {
        const nonce = this.#name('n');
        const runs = this.#outbox.slice(0, 1 + (b % 4));
        this.#given = runs.map((run, index) => ({
          ...run,
          deliveryId: `d${nonce}-${step.c % 3 === 0 ? 1 : index + 1}`,
        }));
        const deliveries = deliveriesOf(this.#given);
        return ({ store }) => store.terms.assign({ epoch, deliveries });
      }
      case 'confirmQueued':
        return ({ store }) =>
          store.terms.confirmQueued({ epoch, deliveries: deliveriesOf(this.#deliveries.slice(0, b % 5)) });
      case 'refuse':
        if (d % 4 !== 0) return () => null;
        return ({ store }) => store.terms.refuse({ epoch, ...run, error: { name: 'Error', message: 'no' } });
      case 'suspects':
        return suspected;
      case 'reap':
        return ({ store }) => store.terms.reap({ epoch, suspect: run, leaseMs: LEASE_MS });
      case 'quarantine': {
        const isIt = (one: JobReading['jobs'][number]) => one?.pending && (a % 4 === 0 || 'why' in one);
        const job = this.#reading?.jobs.find(isIt);
        if (!job) return () => null;
        const rev = [job.rev, job.rev, 1, null][b % 4] ?? null;
        const damaged = { id: job.id, rev, why: 'why', dueAt: job.pending?.dueAt ?? 0, event: QUARANTINED };
        return ({ store }) => store.terms.quarantineJobs({ epoch, jobs: [damaged] });
      }
      case 'damageRun':
        return (contract) => damagedRun(contract, runId);
      case 'quarantineRun': {
        const ids = new Set([d % 4 === 0 ? runId : (this.#damaged ?? runId), runId]);
        const runs = [...ids].slice(0, 1 + (b % 2)).map((id) => ({ id, why: 'why', event: QUARANTINED }));
        return ({ store }) => store.terms.quarantineRuns({ epoch, runs });
      }
      case 'loseWorkers':
        return ({ store }) => store.terms.loseWorkers({ epoch, silentMs: 100 });
      default:
        return undefined;
    }
  }

  /** Calls of workers. */
  #ofLedger({ step, now, run, token, held }: Choice): Call | undefined {
    const { a, b, d } = step;
    switch (step.kind) {
      case 'start':
        return ({ store }) =>
          store.ledger.start({
            deliveryId: run.deliveryId,
            runIds: withDouble([run.runId, ...this.#beside(run, b), 'unknown'], d),
            token,
            workerId: 'w',
            leaseMs: LEASE_MS,
            maxWorkerLosses: 1,
          });
      case 'settle': {
        const others = this.#started.slice(0, b % 4).filter(({ runId }) => runId !== held.runId);
        const settlements = withDouble(
          [held, ...others].flatMap((one) => someSettlements(one, step)),
          d,
        );
        const call = this.#orRepeated('settle', step, now, { op: this.#name('op'), settlements });
        this.#settlements = call.settlements;
        return ({ store }) => store.ledger.settle(call);
      }
      case 'heartbeat':
        return async ({ store }) => {
          const call = { worker: workerOf(a), leaseMs: LEASE_MS, held: [held] };
          const { isKnown, refused, cancelled } = await store.ledger.heartbeat(call);
          return [[isKnown], ...refused.map((id) => ['refused', id]), ...cancelled.map((id) => ['cancelled', id])];
        };
      case 'progress':
        return ({ store }) => store.ledger.progress([{ ...held, json: `"${a}"` }]);
      case 'handBack': {
        const given = d % 3 === 0 ? { runId: run.runId, token: run.deliveryId } : held;
        return ({ store }) => store.ledger.handBack({ held: [given], ...(d % 7 === 1 && { delayMs: 700 }) });
      }
      case 'join':
        return ({ store }) => store.ledger.join({ worker: workerOf(a), ...servedBy(a), event: JOINED });
      case 'leave':
        return ({ store }) => store.ledger.leave(workerOf(a).workerId);
      case 'noteTask': {
        const seen = { executor: 'default', task: a % 2 ? 'one' : 'a task', isThere: b % 4 === 0 };
        return ({ store }) =>
          store.ledger.noteTask({
            ...seen,
            forgetMs: [null, 0, 100, 1_000][d % 4] ?? null,
            lookedAt: d % 3 === 0 ? 0 : Number.MAX_SAFE_INTEGER,
          });
      }
      default:
        return undefined;
    }
  }

  /** Other runs that may belong to the same delivery. */
  #beside({ runId }: Suspect, choice: number): string[] {
    const others = this.#deliveries.slice(0, choice % 5).map((delivered) => delivered.runId);
    return [...new Set(others)].filter((other) => other !== runId);
  }

  /** One of the newest runs. */
  #runId(choice: number): string {
    return this.#runIds[choice % Math.min(6, this.#runIds.length || 1)] ?? NO_RUN.runId;
  }

  #newRunId(): string {
    const runId = this.#name('r');
    this.#runIds.unshift(runId);
    return runId;
  }

  #name(of: string): string {
    this.#calls += 1;
    return `${of}${this.#calls}`;
  }

  /** Returns the last call of this kind again for some steps, while the stores remember it. */
  #orRepeated<Params extends { readonly op: string }>(kind: string, { d }: Step, now: number, params: Params): Params {
    const last = this.#last.get(kind);
    if (last && d % 8 === 0 && now - last.now < 50_000) return last.params as Params;
    this.#last.set(kind, { params, now });
    return params;
  }
}

/** The actor and the reason of a call, for some choices. */
function someAsker(a: number): { readonly by?: { readonly actor?: string; readonly reason?: string } } {
  if (a % 3 === 0) return {};
  return { by: a % 3 === 1 ? { actor: `ann ${a % 5}` } : { actor: 'ann "x"', reason: 'Größe \\' } };
}

function isDamaged({ jobs }: JobReading, id: string): boolean {
  return jobs.some((job) => job?.id === id && 'why' in job);
}
