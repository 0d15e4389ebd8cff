import { setMaxListeners } from 'node:events';
import { type Delivery, type Handled, type Slot, StoreRefusalError, within } from '@carillon/core/internal';
import { DeliveryWork, type DeliveryWorkParts } from './delivery-work.js';
import type { Hold } from './hold.js';

export interface DeliveryParts extends Omit<DeliveryWorkParts, 'closing'> {
  /** The executor has a limit in the whole cluster. */
  readonly isLimited: boolean;
}

/**
 * Works on deliveries: starts the runs that are still owed under them, and has them executed and settled. Never rejects: what is not
 * settled, the leader delivers again; what cannot be started, its queue.
 */
export class DeliveryHandler {
  readonly #parts: DeliveryParts;
  /** The work on each delivery, by the delivery's id. */
  readonly #atWork = new Map<string, DeliveryWork>();
  readonly #closing = new AbortController();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    setMaxListeners(0, this.#closing.signal);
  }

  /**
   * From now on runs are handed back that have not begun: a queue that was asked to pause may still give what it was waiting for.
   * Resolves once those are that are here.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#atWork.values()].map((work) => work.giveUp()));
  }

  async handle(delivery: Delivery, slot: Slot): Promise<Handled> {
    const { jobStore, report } = this.#parts;
    try {
      await this.#work(delivery, slot);
      return 'done';
    } catch (error) {
      report({ kind: 'delivery_failed', jobStore, deliveryId: delivery.id, error });
      // It would stand in the way of the others: the leader delivers its runs again once a lease is over.
      return error instanceof StoreRefusalError ? 'done' : 'again';
    }
  }

  async #work(delivery: Delivery, slot: Slot): Promise<void> {
    const { isLimited } = this.#parts;
    const owed = await this.#handBackDoubles(delivery);
    if (this.#closing.signal.aborted) return this.#handBack(owed, delivery.id);
    // Under a limit in the whole cluster, the queue counts deliveries: each is one run.
    const mine = isLimited ? owed.slice(0, 1) : owed;
    await this.#handBack(owed.slice(mine.length), delivery.id);
    if (mine.length === 0) return;
    const work = new DeliveryWork(delivery, mine, slot, { ...this.#parts, closing: this.#closing.signal });
    this.#atWork.set(delivery.id, work);
    try {
      await work.perform();
    } finally {
      if (this.#atWork.get(delivery.id) === work) this.#atWork.delete(delivery.id);
    }
  }

  /**
   * Hands back the runs of a delivery that are still held here. Returns the others.
   * - The same delivery came again: the queue gave it up. Its runs are aborted and handed back, as are those that have not begun.
   * - Another delivery names them: if the leader gave the runs up, the ledger takes them back, and their heartbeats abort them. If a former
   *   leader was late with the delivery, nothing changes.
   * - A task ignores its signal: its run is handed back once a lease is over. Handed back at once, it would return here at once, without end.
   */
  async #handBackDoubles({ id: deliveryId, runIds }: Delivery): Promise<string[]> {
    const { held, ledger, clock, leaseMs } = this.#parts;
    await this.#atWork.get(deliveryId)?.giveUp();
    const doubles = runIds.flatMap((runId) => held.get(runId) ?? []);
    if (doubles.length === 0) return [...runIds];
    const isSame = (run: Hold) => run.deliveryId === deliveryId;
    for (const run of doubles.filter(isSame)) {
      run.abort.abort(new Error('the queue gave this run up: it will run again'));
    }
    await within(clock, leaseMs, Promise.all(doubles.map(({ gone }) => gone)));
    const given = doubles.map((run) => ({ runId: run.runId, token: isSame(run) ? run.token : deliveryId }));
    await ledger.handBack({ held: given });
    return runIds.filter((runId) => !doubles.some((run) => run.runId === runId));
  }

  async #handBack(runIds: readonly string[], token: string): Promise<void> {
    if (runIds.length > 0) await this.#parts.ledger.handBack({ held: runIds.map((runId) => ({ runId, token })) });
  }
}
