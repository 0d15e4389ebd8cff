import {
  type Chance,
  type Clock,
  type Delivery,
  type Handled,
  type HeldRun,
  type Ledger,
  type LedgerRun,
  type Report,
  type RunPayload,
  runPayloadSchema,
  ScriptError,
  type Slot,
  within,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import { currentRunOf } from './current-run.js';
import { type Ended, failed, type Outcome } from './executors/outcome.js';
import type { TaskRunner } from './executors/task-runner.js';
import type { ActiveRun, HeldRuns } from './held-runs.js';
import { attemptAt, executionIdOf, settlementOf } from './settlement.js';
import type { Settler } from './settler.js';

const MAX_WORKER_LOSSES = 3;

export interface DeliveryParts {
  readonly jobStore: string;
  readonly workerId: string;
  readonly ledger: Ledger;
  readonly held: HeldRuns;
  readonly settler: Settler;
  readonly runner: TaskRunner;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly report: Report;
  readonly logger: Logger;
  readonly leaseMs: number;
  /** Given what a task tells last of how far it is, as JSON. */
  readonly onProgress: (run: HeldRun, json: string) => void;
}

/**
 * Works on deliveries: starts the runs that are still owed under them, executes their fire times one after the other, and
 * settles each. Never rejects: what is not settled, the leader delivers again; what cannot be started, its queue.
 */
export class DeliveryHandler {
  readonly #parts: DeliveryParts;
  #closed = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** From now on runs are handed back: a queue that was told to pause may still give what it was waiting for. */
  close(): void {
    this.#closed = true;
  }

  async handle(delivery: Delivery, slot: Slot): Promise<Handled> {
    const { jobStore, report } = this.#parts;
    try {
      await this.#work(delivery, slot);
      return 'done';
    } catch (error) {
      report({ kind: 'delivery_failed', jobStore, deliveryId: delivery.id, error });
      // It would stand in the way of the others: the leader delivers its runs again once a lease is over.
      return error instanceof ScriptError ? 'done' : 'again';
    }
  }

  async #work(delivery: Delivery, slot: Slot): Promise<void> {
    const { chance, clock, held } = this.#parts;
    const owed = await this.#handBackDoubles(delivery);
    const token = chance.id();
    if (this.#closed) return this.#handBack(owed, delivery.id);
    const askedAt = clock.now();
    const started = owed.length > 0 ? await this.#start(delivery.id, owed, token) : [];
    if (this.#closed) return this.#handBack(owed, token);
    const taken = { token, deliveryId: delivery.id, askedAt };
    const take = ({ runId, executor }: LedgerRun) => held.take({ runId, executor, ...taken });
    await Promise.all(started.map((run) => this.#run(run, take(run), slot)));
  }

  /**
   * Runs that are still held here come again. Under the same delivery: the queue gave them up, so that they are aborted and
   * handed back, to be delivered anew. Under another one: the leader gave them up, and they are handed back if the ledger says
   * so (their heartbeats abort them then); or a former leader was late with it, and nothing comes of it. Where a task ignores
   * its signal, not before a lease is over: handed back at once, its run would come here again at once, without end.
   */
  async #handBackDoubles({ id: deliveryId, runIds }: Delivery): Promise<string[]> {
    const { held, ledger, clock, leaseMs } = this.#parts;
    const doubles = runIds.flatMap((runId) => held.get(runId) ?? []);
    if (doubles.length === 0) return [...runIds];
    const isSame = (run: ActiveRun) => run.deliveryId === deliveryId;
    for (const run of doubles.filter(isSame)) {
      run.abort.abort(new Error('the queue gave this run up: it will run again'));
    }
    await within(clock, leaseMs, Promise.all(doubles.map(({ gone }) => gone)));
    await ledger.handBack(doubles.map((run) => ({ runId: run.runId, token: isSame(run) ? run.token : deliveryId })));
    return runIds.filter((runId) => !doubles.some((run) => run.runId === runId));
  }

  /** @param token that of runs that were started, else their delivery. */
  async #handBack(runIds: readonly string[], token: string): Promise<void> {
    if (runIds.length > 0) await this.#parts.ledger.handBack(runIds.map((runId) => ({ runId, token })));
  }

  async #start(deliveryId: string, runIds: readonly string[], token: string): Promise<LedgerRun[]> {
    const { ledger, workerId, leaseMs, jobStore, report } = this.#parts;
    const maxWorkerLosses = MAX_WORKER_LOSSES;
    const outcomes = await ledger
      .start({ deliveryId, runIds, token, workerId, leaseMs, maxWorkerLosses })
      .catch(async (error) => {
        // They may be started though the answer was lost.
        if (!(error instanceof ScriptError)) await this.#handBack(runIds, token).catch(() => {});
        throw error;
      });
    return outcomes.flatMap((outcome) => {
      if (outcome.status === 'started') return outcome.run;
      if (outcome.status === 'unreadable') {
        report({ kind: 'record_unreadable', jobStore, id: outcome.runId, why: 'its header cannot be read' });
      }
      return [];
    });
  }

  async #run(run: LedgerRun, active: ActiveRun, slot: Slot): Promise<void> {
    try {
      const payload = payloadOf(run.json);
      for (let index = run.done; index < run.fires.length && !active.abort.signal.aborted; index++) {
        active.executing = true;
        const execute = () => this.#execute(run, active, payload, index);
        const outcome = await Promise.race([slot.use(execute), active.released]);
        active.executing = false;
        // Of a run that was aborted there is nothing to settle: it was handed back, or the leader delivers it again.
        if (!outcome || outcome.outcome === 'aborted') return;
        if (!(await this.#settle(run, active, payload, index, outcome))) return;
      }
    } finally {
      this.#parts.held.letGo(active);
    }
  }

  async #execute(run: LedgerRun, active: ActiveRun, payload: RunPayload | null, index: number): Promise<Outcome> {
    if (!payload) return failed('the record of this run cannot be read', 'UNREADABLE_RUN');
    const { runner, jobStore, logger, onProgress } = this.#parts;
    const { runId, jobId } = run;
    const executionId = executionIdOf(runId, index);
    const parts = {
      runId,
      executionId,
      jobId,
      jobStore,
      scheduledRunTime: new Date(run.fires[index]?.fireTime ?? Number.NaN),
      attempt: attemptAt(run, index),
      signal: active.abort.signal,
      logger: logger.child({ runId, executionId, jobId }),
    };
    const { current, end } = currentRunOf(parts, (json) => onProgress(active, json));
    try {
      return await runner.run(payload, current, active.cancelled.signal);
    } finally {
      end();
    }
  }

  /** Answers whether the run goes on here, with its next fire time. */
  async #settle(
    run: LedgerRun,
    active: ActiveRun,
    payload: RunPayload | null,
    index: number,
    outcome: Ended,
  ): Promise<boolean> {
    const { settler, report, jobStore } = this.#parts;
    const { runId } = run;
    if (outcome.outcome === 'error') {
      report({ kind: 'task_failed', jobStore, runId, task: payload?.task ?? '', error: outcome.thrown });
    }
    const settlement = settlementOf(run, active.token, index, outcome, payload?.retry);
    const settled = await Promise.race([settler.settle(settlement), active.released]);
    if (settled === 'void') report({ kind: 'outcome_void', jobStore, runId });
    return settled === 'settled' && (settlement.outcome === 'executed' || settlement.outcome === 'error');
  }
}

function payloadOf(json: string): RunPayload | null {
  try {
    return runPayloadSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
