import {
  type Delivery,
  type Handled,
  type LedgerRun,
  ScriptError,
  type Slot,
  upkeepOf,
  within,
} from '@carillon/core/internal';
import type { ActiveRun, HeldRuns } from './held-runs.js';
import { StartedRun, type StartedRunParts } from './started-run.js';

const MAX_WORKER_LOSSES = 3;

export interface DeliveryParts extends StartedRunParts {
  readonly workerId: string;
  readonly held: HeldRuns;
  readonly leaseMs: number;
}

/**
 * Works on deliveries: starts the runs that are still owed under them, and has them executed and settled. Never rejects: what is not
 * settled, the leader delivers again; what cannot be started, its queue.
 */
export class DeliveryHandler {
  readonly #parts: DeliveryParts;
  #isClosed = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** From now on runs are handed back: a queue that was told to pause may still give what it was waiting for. */
  close(): void {
    this.#isClosed = true;
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
    if (this.#isClosed) return this.#handBack(owed, delivery.id);
    const askedAt = upkeepOf(clock).now();
    const started = owed.length > 0 ? await this.#start(delivery.id, owed, token) : [];
    if (this.#isClosed) return this.#handBack(owed, token);
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
    const given = doubles.map((run) => ({ runId: run.runId, token: isSame(run) ? run.token : deliveryId }));
    await ledger.handBack({ held: given });
    return runIds.filter((runId) => !doubles.some((run) => run.runId === runId));
  }

  /** @param token that of runs that were started, else their delivery. */
  async #handBack(runIds: readonly string[], token: string): Promise<void> {
    if (runIds.length > 0) await this.#parts.ledger.handBack({ held: runIds.map((runId) => ({ runId, token })) });
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
      await new StartedRun(run, active, this.#parts).work(slot);
    } finally {
      this.#parts.held.letGo(active);
    }
  }
}
