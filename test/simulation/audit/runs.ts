import type {
  CancelParams,
  Delivery,
  HandBackParams,
  HeartbeatParams,
  OutboxPage,
  Settlement,
  Suspect,
} from '@carillon/core/internal';
import type { Contents } from '@carillon/core/memory';
import type { TaskCall } from '../cluster/tasks.js';
import type { Note } from './acts.js';
import type { Effect, Fault, Reported } from './effect.js';
import { Instances } from './instances.js';
import { differencesOf, type Entering, newRun, type Run } from './run.js';
import { type Settled, Settling } from './settling.js';
import { Starting } from './starting.js';

/** The delay of a run that is given back for want of its task, ms. */
const LEAST_PUT_OFF_MS = 100;
const MOST_PUT_OFF_MS = 5_000;

/** How fire times of runs ended. */
export interface OutcomeCounts {
  executed: number;
  error: number;
  missed: number;
  cancelled: number;
  max_instances: number;
}

/** The parts of the simulation that runs are compared with. */
interface Surroundings {
  readonly calls: readonly Pick<TaskCall, 'executionId' | 'attempt'>[];
  /** Whether anything went wrong with a process, or with its connection, since an instant. */
  wasStruck(process: string, since: number): boolean;
  contents(): Contents;
  /** Whether the worker in a process has not got a task. */
  lacks(process: string, task: string): boolean;
}

/** Keeps the expected ledger, by calls and their answers. Checks that each run is settled once, by its holder. */
export class Runs {
  readonly counts: OutcomeCounts = { executed: 0, error: 0, missed: 0, cancelled: 0, max_instances: 0 };
  readonly #fault: Fault;
  readonly #note: Note;
  readonly #wasStruck: Surroundings['wasStruck'];
  readonly #lacks: Surroundings['lacks'];
  readonly #calls: Surroundings['calls'];
  readonly #instances: Instances;
  readonly #settling: Settling;
  readonly #starting: Starting;
  readonly #settles = new Map<string, string>();
  readonly #cancellations = new Map<string, string>();
  readonly #queued = new Set<string>();

  constructor(fault: Fault, note: Note, { wasStruck, contents, lacks, calls }: Surroundings) {
    this.#fault = fault;
    this.#note = note;
    this.#wasStruck = wasStruck;
    this.#lacks = lacks;
    this.#calls = calls;
    const { counts } = this;
    const instances = new Instances({ fault, note, counts, contents });
    const settling = new Settling({ fault, note, counts, instances });
    this.#instances = instances;
    this.#settling = settling;
    this.#starting = new Starting({ fault, counts, instances, settling, wasStruck });
  }

  /** Runs that are neither settled nor over, including those that wait for an instance. */
  get owed(): ReadonlyMap<string, Run> {
    return this.#instances.all;
  }

  /** How the other runs ended. */
  get ends() {
    return this.#instances.ends;
  }

  /** The runs of a job whose ends are known, newest first. */
  history(jobId: string): readonly string[] {
    return this.#instances.history(jobId);
  }

  /** Returns the expected status. `left`: published events that are not accounted for yet. */
  enter(entering: Entering, at: number, left: Reported[]) {
    const { runId } = entering.run;
    if (this.owed.has(runId) || this.ends.has(runId)) this.#fault(`run ${runId} was entered twice`);
    if (JSON.stringify(entering.run.fires) !== JSON.stringify(entering.fires))
      this.#fault(`run ${runId}: its fires are ${JSON.stringify(entering.run.fires)}`);
    for (const what of differencesOf(entering)) this.#fault(`run ${runId}: ${what}`);
    return this.#instances.enter(newRun(entering), at, left);
  }

  cancel({ params, answer, at, events }: Effect): void {
    const { op, runIds } = params as CancelParams;
    const reported = JSON.stringify(answer);
    const before = this.#cancellations.get(op);
    if (before !== undefined) {
      if (events.length > 0 || reported !== before) this.#fault('a cancellation took effect twice');
      return;
    }
    this.#cancellations.set(op, reported);
    const left = [...events];
    for (const [index, runId] of runIds.entries()) {
      const run = this.owed.get(runId);
      if (run) this.#note(run.token === null ? 'cancelled, not started' : 'cancelled, started');
      const expected = run ? this.#instances.cancel(run, at, left) : 'unknown';
      const is = (answer as readonly string[])[index];
      if (is !== expected) this.#fault(`run ${runId}: to cancel it was answered ${is}, which should be ${expected}`);
    }
    if (left.length > 0) this.#fault(`a cancellation also published ${JSON.stringify(left)}`);
  }

  outbox({ runs, unreadable }: OutboxPage, at: number): void {
    for (const { runId, executor, priority } of runs) {
      const run = this.#inOutbox(runId, at);
      if (!run) continue;
      const [is, expected] = [`${executor}, ${priority}`, `${run.policy.executor}, ${run.policy.priority}`];
      if (is !== expected) this.#fault(`run ${runId} is to go to ${is}, which should be ${expected}`);
    }
    if (unreadable.length > 0) this.#fault(`runs ${unreadable} cannot be read`);
  }

  /** @param given the runs that have their delivery ids now. */
  assign(deliveries: readonly Delivery[], given: readonly string[], at: number): void {
    for (const { id, runIds } of deliveries) for (const runId of runIds) this.#assign(runId, id, given, at);
    const isShared = deliveries.some(({ runIds }) => runIds.filter((runId) => given.includes(runId)).length > 1);
    if (isShared) this.#note('sent with others');
  }

  #assign(runId: string, deliveryId: string, given: readonly string[], at: number): void {
    if (!given.includes(runId)) {
      const outboxAt = this.owed.get(runId)?.outboxAt ?? null;
      if (outboxAt !== null && outboxAt <= at) this.#fault(`run ${runId} is in the outbox, and got no delivery`);
      return;
    }
    const run = this.#inOutbox(runId, at);
    if (run) Object.assign(run, { deliveryId, deliveredAt: at });
  }

  #inOutbox(runId: string, at: number): Run | undefined {
    const run = this.owed.get(runId);
    if (!run || run.outboxAt === null) this.#fault(`run ${runId} is delivered, but is not owed in the outbox`);
    const earlyMs = (run?.outboxAt ?? at) - at;
    if (earlyMs > 0) this.#fault(`run ${runId} is delivered ${earlyMs} ms too soon`);
    return run;
  }

  /** Sets the delivery that a claim gave to a run. */
  named(runId: string, deliveryId: string, at: number): void {
    const run = this.owed.get(runId);
    if (run) Object.assign(run, { deliveryId, deliveredAt: at });
  }

  queued(deliveryId: string): void {
    this.#queued.add(deliveryId);
  }

  /** Runs that are on a queue leave the outbox. */
  confirmQueued(deliveries: readonly Delivery[]): void {
    for (const { id, runIds } of deliveries) {
      for (const runId of runIds) {
        const run = this.owed.get(runId);
        if (run?.deliveryId === id) run.outboxAt = null;
      }
    }
  }

  start(effect: Effect): void {
    this.#starting.start(effect);
  }

  settle({ params, answer, at, process, events }: Effect): readonly Settled[] {
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
    const settled = settlements.flatMap((settlement, place) => {
      const {
        run: { runId },
        token,
        index,
      } = settlement;
      const run = this.owed.get(runId);
      if (run?.token !== token || run.done !== index) {
        if (answers[place] !== 'void') this.#fault(`run ${runId} was settled by one who held it no longer, or twice`);
        return [];
      }
      if (answers[place] === 'void') {
        this.#fault(`run ${runId}: the holder of its token could not settle it`);
        return [];
      }
      const attempt = run.attempts;
      const reported = this.#settling.settle(run, settlement, answers[place], at, left);
      return reported ? [{ run, reported, attempt, process }] : [];
    });
    if (left.length > 0) this.#fault(`a settle also published ${JSON.stringify(left)}`);
    return settled;
  }

  heartbeat(
    { leaseMs, held }: HeartbeatParams,
    { refused, cancelled }: { readonly refused: readonly string[]; readonly cancelled: readonly string[] },
    at: number,
  ): void {
    for (const { runId, token } of held) {
      const run = this.owed.get(runId);
      const holds = run?.token === token;
      if (holds) run.leaseUntil = at + leaseMs;
      if (holds === refused.includes(runId))
        this.#fault(`run ${runId}: a heartbeat was ${holds ? 'refused' : 'accepted'}`);
      const isReported = holds && run.cancelled;
      if (isReported !== cancelled.includes(runId))
        this.#fault(`run ${runId}: that it is cancelled was ${isReported ? 'not ' : ''}reported to a heartbeat`);
    }
  }

  handBack({ held, delayMs = 0 }: HandBackParams, at: number): void {
    for (const { runId, token } of held) {
      const run = this.owed.get(runId);
      if (!run || (run.token ?? run.deliveryId) !== token) continue;
      if (run.token === null) this.#note('handed back before it began');
      else this.#checkGivenBack(run, delayMs);
      this.#putBack(run, run.cancelled ? at : at + delayMs);
    }
  }

  reap({ runId, deliveryId }: Suspect, leaseMs: number, outcome: string, at: number): void {
    const run = this.owed.get(runId);
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
    this.#putBack(run, at);
  }

  /** Every run that is owed and does not wait is somewhere: in the outbox, on a queue, or started. */
  checkNoneForgotten(): void {
    for (const { id, waits, outboxAt, token, deliveryId } of this.owed.values()) {
      if (waits || outboxAt !== null || token !== null || this.#queued.has(deliveryId ?? '')) continue;
      this.#fault(`run ${id} is owed, and neither in the outbox, nor queued, nor started`);
    }
  }

  /** A worker gives back a run whose task it lacks, with a delay; it gives back any other only after a fault. */
  #checkGivenBack(run: Run, delayMs: number): void {
    // A started run that did not begin soon goes to other workers, even without a fault.
    if (delayMs === 0 && !this.#wasCalled(run)) return;
    if (!run.startedBy || delayMs === 0 || !this.#lacks(run.startedBy.process, run.policy.task)) {
      this.#checkStruck(run, 'handed back');
      return;
    }
    this.#note('given back for want of its task');
    if (delayMs < LEAST_PUT_OFF_MS || delayMs > MOST_PUT_OFF_MS)
      this.#fault(`run ${run.id} was given back for ${delayMs} ms`);
  }

  #wasCalled({ id, done, starts }: Run): boolean {
    return this.#calls.some(({ executionId, attempt }) => executionId === `${id}.${done}` && attempt === starts);
  }

  /** A run may be lost, and executed again, only if something happened to its process. */
  #checkStruck({ id, startedBy }: Run, what: string): void {
    if (!startedBy || this.#wasStruck(startedBy.process, startedBy.deliveredAt)) return;
    this.#fault(`run ${id} was ${what}, and nothing had happened to ${startedBy.process}, which had started it`);
  }

  #putBack(run: Run, at: number): void {
    run.token = null;
    run.leaseUntil = null;
    run.deliveryId = null;
    run.outboxAt = at;
  }
}
