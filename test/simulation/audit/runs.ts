import type {
  Claim,
  DeliveredRun,
  HeartbeatParams,
  HeldRun,
  NewRun,
  OutboxPage,
  Settlement,
  StartOutcome,
  StartParams,
} from '@carillon/core/internal';
import type { Effect, Fault, Fire, Told } from './effect.js';
import type { Job } from './job.js';

/** How executions ended. */
export interface OutcomeCounts {
  executed: number;
  error: number;
  missed: number;
}

/** A run as it ought to be in the ledger. */
export interface Run {
  readonly id: string;
  readonly jobId: string | null;
  readonly fires: readonly Fire[];
  readonly graceMs: number | null;
  readonly task: string;
  /** Tells the definition whose run it is. */
  readonly playN: number;
  done: number;
  starts: number;
  /** Of these, those of the fire time that is next. */
  attempts: number;
  losses: number;
  token: string | null;
  leaseUntil: number | null;
  deliveryId: string | null;
  deliveredAt: number;
  inOutbox: boolean;
  /** The process, and the delivery, of the last start. */
  startedBy: { readonly process: string; readonly deliveryId: string; readonly deliveredAt: number } | null;
}

/** What runs are entered by: a claim, or a submission. */
export interface Entering {
  readonly told: Told;
  readonly run: NewRun | null;
  readonly fires: readonly Fire[];
  /** How the job, or the call, is that it is a run of. */
  readonly of: Pick<Job, 'task' | 'play' | 'executor' | 'graceMs'>;
  /** As many live runs as the job may have, by any definition that it had meanwhile. */
  readonly maxInstances: number;
}

/** Keeps the ledger as it ought to be, by what was called and answered: who may settle what, and that each is settled once. */
export class Runs {
  readonly counts: OutcomeCounts = { executed: 0, error: 0, missed: 0 };
  readonly #fault: Fault;
  /** Whether anything went wrong with a process, or with its connection, since an instant. */
  readonly #wasStruck: (process: string, since: number) => boolean;
  readonly #live = new Map<string, Run>();
  readonly #seen = new Set<string>();
  readonly #settles = new Map<string, string>();
  readonly #queued = new Set<string>();

  constructor(fault: Fault, wasStruck: (process: string, since: number) => boolean) {
    this.#fault = fault;
    this.#wasStruck = wasStruck;
  }

  /** Owed: neither settled, nor over. */
  get live(): ReadonlyMap<string, Run> {
    return this.#live;
  }

  liveOf(jobId: string): number {
    let count = 0;
    for (const run of this.#live.values()) if (run.jobId === jobId) count += 1;
    return count;
  }

  enter({ told, run, fires, of, maxInstances }: Entering): void {
    const id = told.runId ?? '';
    if (!run) this.#fault(`run ${id} was entered, and nobody asked for it`);
    if (this.#seen.has(id)) this.#fault(`run ${id} was entered twice`);
    this.#seen.add(id);
    const jobId = told.jobId ?? null;
    if (jobId !== null && this.liveOf(jobId) >= maxInstances) {
      this.#fault(`run ${id}: job ${jobId} has ${this.liveOf(jobId)} live runs already, at most ${maxInstances}`);
    }
    if (run) for (const what of differences(run, fires, of)) this.#fault(`run ${id}: ${what}`);
    this.#live.set(id, {
      id,
      jobId,
      fires,
      graceMs: of.graceMs,
      task: of.task,
      playN: of.play.n,
      done: 0,
      starts: 0,
      attempts: 0,
      losses: 0,
      token: null,
      leaseUntil: null,
      deliveryId: null,
      deliveredAt: 0,
      inOutbox: true,
      startedBy: null,
    });
  }

  deliver({ runs, unreadable }: OutboxPage, at: number): void {
    for (const { runId, deliveryId } of runs) {
      const run = this.#live.get(runId);
      if (!run?.inOutbox) this.#fault(`run ${runId} is delivered, but is not owed in the outbox`);
      if (!run) continue;
      run.deliveryId = deliveryId;
      run.deliveredAt = at;
    }
    if (unreadable.length > 0) this.#fault(`runs ${unreadable} cannot be read`);
  }

  queued(deliveryId: string): void {
    this.#queued.add(deliveryId);
  }

  /** Runs leave the outbox that are on a queue. */
  delivered(runs: readonly DeliveredRun[]): void {
    for (const { runId, deliveryId } of runs) {
      const run = this.#live.get(runId);
      if (run?.deliveryId === deliveryId) run.inOutbox = false;
    }
  }

  start({ params, answer, at, process, events }: Effect): void {
    const given = params as StartParams;
    const left = [...events];
    for (const [index, outcome] of (answer as readonly StartOutcome[]).entries()) {
      const runId = given.runIds[index] ?? '';
      const run = this.#live.get(runId);
      if (outcome.status === 'unreadable') this.#fault(`run ${runId} cannot be read`);
      if (!run || run.deliveryId !== given.deliveryId) {
        if (outcome.status !== 'dropped')
          this.#fault(`run ${runId} ${outcome.status}, but is not owed under this delivery`);
        continue;
      }
      if (outcome.status === 'dropped') this.#fault(`run ${runId} was dropped, but is owed under this delivery`);
      if (run.token === given.token) continue;
      if (run.token !== null) this.#takeOver(run, given.deliveryId, process);
      this.#startOne(run, given, at, process, outcome, left);
    }
    if (left.length > 0) this.#fault(`a start published ${JSON.stringify(left)} besides`);
  }

  settle({ params, answer, at, process, events }: Effect): readonly { run: Run; told: Told; process: string }[] {
    const { op, settlements } = params as { readonly op: string; readonly settlements: readonly Settlement[] };
    const answers = answer as readonly string[];
    const known = this.#settles.get(op);
    if (known !== undefined) {
      if (known !== answers.join()) this.#fault(`a settle was answered ${known}, and when it was repeated ${answers}`);
      if (events.length > 0) this.#fault('a settle that was repeated published events');
      return [];
    }
    this.#settles.set(op, answers.join());
    const left = [...events];
    const settled = settlements.flatMap(({ runId, token, index }, place) => {
      const run = this.#live.get(runId);
      const holds = run !== undefined && run.token === token && run.done === index;
      if (answers[place] !== 'settled') {
        if (holds) this.#fault(`run ${runId}: the holder of its token could not settle it`);
        return [];
      }
      if (!holds) this.#fault(`run ${runId} was settled by one who held it no longer, or twice`);
      const told = left.shift();
      if (!run || !told) {
        this.#fault(`run ${runId} was settled without an event, or after its end`);
        return [];
      }
      this.#outcome(run, told, at);
      return [{ run, told, process }];
    });
    if (left.length > 0) this.#fault(`a settle published ${JSON.stringify(left)} besides`);
    return settled;
  }

  heartbeat({ leaseMs, held }: HeartbeatParams, refused: readonly string[], at: number): void {
    for (const { runId, token } of held) {
      const run = this.#live.get(runId);
      const holds = run?.token === token;
      if (holds) run.leaseUntil = at + leaseMs;
      if (holds === refused.includes(runId))
        this.#fault(`run ${runId}: a heartbeat was ${holds ? 'refused' : 'accepted'}`);
    }
  }

  handBack(held: readonly HeldRun[]): void {
    for (const { runId, token } of held) {
      const run = this.#live.get(runId);
      if (!run || (run.token ?? run.deliveryId) !== token) continue;
      if (run.token !== null) this.#checkStruck(run, 'handed back');
      this.#putBack(run);
    }
  }

  reap({ runId, deliveryId }: DeliveredRun, leaseMs: number, outcome: string, at: number): void {
    const run = this.#live.get(runId);
    if (outcome === 'alive') return;
    if (run?.deliveryId !== deliveryId)
      this.#fault(`run ${runId}: ${outcome}, though it is not owed under this delivery`);
    if (!run) return;
    if (run.leaseUntil !== null && run.leaseUntil > at) this.#fault(`run ${runId}: ${outcome} while its lease lasts`);
    if (outcome === 'queued') {
      if (run.leaseUntil !== null) run.leaseUntil = at + leaseMs;
      return;
    }
    if (run.token !== null) {
      run.losses += 1;
      this.#checkStruck(run, 'reaped');
    }
    this.#putBack(run);
  }

  /** Every run that is owed is somewhere: in the outbox, on a queue, or started. */
  checkNoneForgotten(): void {
    for (const { id, inOutbox, token, deliveryId } of this.#live.values()) {
      if (inOutbox || token !== null || this.#queued.has(deliveryId ?? '')) continue;
      this.#fault(`run ${id} is owed, and neither in the outbox, nor queued, nor started`);
    }
  }

  /** A start while another holds the run: its queue must have given the delivery to both, one of which it had lost sight of. */
  #takeOver(run: Run, deliveryId: string, process: string): void {
    run.losses += 1;
    const { startedBy } = run;
    if (startedBy?.deliveryId !== deliveryId) {
      this.#fault(`run ${run.id} was started again under another delivery, though nobody had given it up`);
    } else if (![startedBy.process, process].some((one) => this.#wasStruck(one, run.deliveredAt))) {
      this.#fault(`run ${run.id} was taken from ${startedBy.process} by ${process}, and nothing had happened to them`);
    }
  }

  /** Only of a process to which something happened a run is lost, to be executed once more. */
  #checkStruck({ id, startedBy }: Run, what: string): void {
    if (!startedBy || this.#wasStruck(startedBy.process, startedBy.deliveredAt)) return;
    this.#fault(`run ${id} was ${what}, and nothing had happened to ${startedBy.process}, which had started it`);
  }

  #startOne(
    run: Run,
    { token, leaseMs, maxWorkerLosses, deliveryId }: StartParams,
    at: number,
    process: string,
    { status }: StartOutcome,
    events: Told[],
  ): void {
    if (run.losses > maxWorkerLosses) {
      if (status !== 'ended') this.#fault(`run ${run.id} lost ${run.losses} workers, and was started again`);
      while (this.#live.has(run.id)) {
        const told = events.shift();
        if (told?.error?.code !== 'WORKER_LOST') this.#fault(`run ${run.id} lost its workers, and that was not told`);
        this.#outcome(run, told, at);
      }
      return;
    }
    const late = run.starts > 0 ? [] : this.#late(run, at);
    if (late.length > 0) this.#missed(run, late, events.shift());
    if (!this.#live.has(run.id)) {
      if (status !== 'ended') this.#fault(`run ${run.id}: all its fire times were missed, and it was ${status}`);
      return;
    }
    run.starts += 1;
    run.attempts += 1;
    const told = events.shift();
    if (
      status !== 'started' ||
      told?.type !== 'job_started' ||
      told.runId !== run.id ||
      told.attempt !== run.attempts
    ) {
      this.#fault(`run ${run.id}: ${status}, told as ${JSON.stringify(told)}; its attempt ${run.attempts}`);
    }
    run.token = token;
    run.leaseUntil = at + leaseMs;
    run.inOutbox = false;
    run.startedBy = { process, deliveryId, deliveredAt: run.deliveredAt };
  }

  #late({ fires, graceMs }: Run, at: number): readonly Fire[] {
    return graceMs === null ? [] : fires.filter(({ dueAt }) => dueAt + graceMs < at);
  }

  #missed(run: Run, late: readonly Fire[], told: Told | undefined): void {
    const [first, last] = [late[0]?.fireTime, late.at(-1)?.fireTime];
    if (told?.type !== 'job_missed' || told.runId !== run.id || told.first !== first || told.last !== last) {
      this.#fault(`run ${run.id} missed ${first} to ${last} as it started, told as ${JSON.stringify(told)}`);
    }
    this.counts.missed += late.length;
    this.#advance(run, late.length);
  }

  /** One fire time of a run has its outcome. */
  #outcome(run: Run, told: Told | undefined, at: number): void {
    const executionId = `${run.id}.${run.done}`;
    const outcome = told?.type === 'job_executed' ? 'executed' : told?.type === 'job_error' ? 'error' : null;
    const fireTime = run.fires[run.done]?.fireTime;
    if (!outcome || told?.executionId !== executionId || told.scheduledRunTime !== fireTime || told.runId !== run.id) {
      this.#fault(`execution ${executionId} (${fireTime}) ended, told as ${JSON.stringify(told)}`);
    }
    if (told && told.at !== at) this.#fault(`an outcome is dated ${told.at}`);
    this.counts[outcome ?? 'error'] += 1;
    run.losses = 0;
    // The next one, if there is one, is started with it.
    run.attempts = 1;
    this.#advance(run, 1);
  }

  #advance(run: Run, by: number): void {
    run.done += by;
    if (run.done >= run.fires.length) this.#live.delete(run.id);
  }

  #putBack(run: Run): void {
    run.token = null;
    run.leaseUntil = null;
    run.deliveryId = null;
    run.inOutbox = true;
  }
}

/** The claim of a page that a run was entered by. */
export function claimOf(params: unknown, runId: string | null | undefined): NewRun | null {
  const { claims } = params as { readonly claims: readonly Claim[] };
  return claims.find(({ run }) => run?.runId === runId)?.run ?? null;
}

function differences(run: NewRun, fires: readonly Fire[], of: Entering['of']): string[] {
  const { task, args } = JSON.parse(run.json) as { task: string; args: readonly { n: number }[] };
  const compared: [string, unknown, unknown][] = [
    ['task', task, of.task],
    ['arguments', args[0]?.n, of.play.n],
    ['executor', run.executor, of.executor],
    ['grace', run.graceMs, of.graceMs],
    ['fires', JSON.stringify(run.fires), JSON.stringify(fires)],
  ];
  return compared.flatMap(([what, is, ought]) =>
    is === ought ? [] : [`its ${what} is ${is}, and ought to be ${ought}`],
  );
}
