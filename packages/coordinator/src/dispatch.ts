import {
  type Chance,
  type Clock,
  type Delivery,
  type DeliveryQueue,
  errorInfo,
  type PackRules,
  type Report,
  type RunRoute,
  type Serving,
  StoreFullError,
  type TermStore,
  type UnsureDelivery,
} from '@carillon/core/internal';
import { unfenced } from './fenced.js';
import { only, packed } from './packing.js';
import { quarantineRuns } from './quarantine.js';
import { QueueOrder } from './queue-order.js';
import { Sending } from './sending.js';
import { type OutboxLook, type QueuedPage, Unconfirmed } from './unconfirmed.js';
import { Workforce } from './workforce.js';

const RUNS_PER_PAGE = 500;
/** Where Redis is full, a delivery is room that the runs which are done have to make first. */
const RUNS_WHEN_FULL = 50;

/** `slowly`: Redis is full, and only a few were sent. */
export type Dispatched = 'all' | 'more' | 'slowly';

/** What a look at the outbox may find that needs no dispatch. */
export interface OnTheWay {
  /** Since when such runs may be in the outbox, by the store's clock, ms; null if none are. */
  readonly since: number | null;
  /** Those of them that are in their queues. */
  readonly unconfirmed: readonly QueuedPage[];
}

export interface DispatcherParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly report: Report;
  /** How runs are packed; left out: as `PACK_RULES` says. */
  readonly packRules?: PackRules | undefined;
}

/**
 * Dispatches runs, from the outbox to their executors' queues: they are packed into deliveries, assigned these in the ledger, sent to the
 * queues, and confirmed.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #workforce: Workforce;
  readonly #order: QueueOrder;
  readonly #sending = new Sending();
  readonly #unconfirmed = new Unconfirmed();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#workforce = new Workforce(parts);
    this.#order = new QueueOrder(parts.clock);
  }

  /**
   * Dispatches a page of what the outbox holds and whose time has come. A run leaves it only once its delivery is known to be
   * queued; what is not known stays, and is sent later under another delivery id. First waits for what is being sent: the outbox
   * holds that, too.
   * @throws TermOver
   */
  async dispatch(epoch: number): Promise<Dispatched> {
    const { jobStore, terms, chance, report } = this.#parts;
    await this.confirm(epoch);
    const { runs, unreadable, newer } = await terms.outbox(RUNS_PER_PAGE);
    for (const id of newer) report({ kind: 'record_newer', jobStore, record: 'run', id });
    await quarantineRuns(this.#parts, epoch, unreadable);
    if (runs.length === 0) return 'all';
    const assigned = await this.#assign(epoch, await this.pack(runs)).catch((error) => {
      if (error instanceof StoreFullError) return null;
      throw error;
    });
    if (!assigned) {
      const few = packed(runs.slice(0, RUNS_WHEN_FULL), { nonce: chance.id() });
      await this.#sendAndConfirm(epoch, await this.#assign(epoch, few, true));
      return 'slowly';
    }
    const left = await this.#sendAndConfirm(epoch, assigned);
    return left === 0 && runs.length + unreadable.length >= RUNS_PER_PAGE ? 'more' : 'all';
  }

  /**
   * Packs runs into deliveries, each with an id of its own.
   * @param fresh those of jobs that have just come due, by id
   */
  async pack(runs: readonly RunRoute[], fresh?: ReadonlySet<string>): Promise<readonly Delivery[]> {
    const { chance, packRules } = this.#parts;
    const nonce = chance.id();
    const serving = await this.#serving(runs);
    const waiting = this.#order.waiting.bind(this.#order);
    return packed(runs, { nonce, ...(fresh && { fresh }), serving, waiting, rules: packRules });
  }

  /** The workers of the executors of these runs, where enough of them go out for it to matter. */
  async #serving(runs: readonly RunRoute[]): Promise<ReadonlyMap<string, Serving>> {
    if (runs.length < 2) return new Map();
    return this.#workforce.of(new Set(runs.map(({ executor }) => executor)));
  }

  /** Assigns deliveries their runs in the ledger. Returns them without the runs that are not to be sent any more. */
  async #assign(epoch: number, deliveries: readonly Delivery[], evenWhenFull = false): Promise<readonly Delivery[]> {
    const assigned = unfenced(await this.#parts.terms.assign({ epoch, deliveries, evenWhenFull }));
    return only(deliveries, new Set(assigned));
  }

  /** What may be in the outbox that is on its way to its queue, or there already, as far as is known now. */
  get onTheWay(): OnTheWay {
    const instants = [this.#sending.since, this.#unconfirmed.since].filter((since) => since !== null);
    return { since: instants.length > 0 ? Math.min(...instants) : null, unconfirmed: this.#unconfirmed.pages };
  }

  /** Notes what a look at the outbox found. What is late there is confirmed, by the one that is sending, or aside. */
  looked(epoch: number, look: OutboxLook): void {
    this.#unconfirmed.looked(look);
    const [oldest] = this.#unconfirmed.late.pages;
    if (!oldest || this.#sending.since !== null) return;
    this.#sending.begin(oldest.since, () => this.#confirmLate(epoch));
  }

  /**
   * Sends deliveries that the ledger names, once those before them are sent. Resolves as it begins. Most of their runs leave the outbox
   * as they start: deliveries are confirmed only where a later look finds some there.
   * @param since before their runs entered the outbox, by the store's clock, ms
   * @throws TermOver and whatever else those before them failed with
   */
  async sendAside(epoch: number, deliveries: readonly Delivery[], since: number): Promise<void> {
    await this.#sending.ended();
    if (deliveries.length === 0) return;
    this.#sending.begin(since, async () => {
      const { queued } = await this.#send(epoch, deliveries);
      if (queued.length > 0) this.#unconfirmed.add({ since, deliveries: queued });
      await this.#confirmLate(epoch);
    });
  }

  /** For how long what waits in the queues of these runs' executors keeps workers busy, for each executor, ms. */
  busyMs(runs: readonly RunRoute[]): number[] {
    return [...new Set(runs.map(({ executor }) => executor))].map((executor) => this.#order.busyMs(executor));
  }

  /** @throws TermOver and whatever else sending has failed with, once */
  checkSent(): void {
    this.#sending.check();
  }

  /** Confirms what is in its queues, once nothing is being sent. @throws TermOver and whatever else it failed with, once */
  async confirm(epoch: number): Promise<void> {
    await this.#sending.ended();
    this.#unconfirmed.markLate(this.#unconfirmed.pages);
    await this.#confirmLate(epoch);
  }

  /** The same as a term ends, as far as that goes. Never rejects. */
  async end(epoch: number): Promise<void> {
    await this.confirm(epoch).catch(() => {});
    this.#unconfirmed.forget(this.#unconfirmed.pages);
  }

  async #confirmLate(epoch: number): Promise<void> {
    const { deliveries, pages } = this.#unconfirmed.late;
    if (deliveries.length > 0) unfenced(await this.#parts.terms.confirmQueued({ epoch, deliveries }));
    this.#unconfirmed.forget(pages);
  }

  /** Returns how many are not known to be queued: their runs stay in the outbox. */
  async #sendAndConfirm(epoch: number, deliveries: readonly Delivery[]): Promise<number> {
    const { queued, unsure } = await this.#send(epoch, deliveries);
    if (queued.length > 0) unfenced(await this.#parts.terms.confirmQueued({ epoch, deliveries: queued }));
    return unsure;
  }

  /**
   * Puts deliveries that the ledger names on their queues. Returns those that are queued, and how many are not known to be.
   * @throws TermOver
   */
  async #send(
    epoch: number,
    deliveries: readonly Delivery[],
  ): Promise<{ queued: readonly Delivery[]; unsure: number }> {
    const { queue } = this.#parts;
    if (deliveries.length === 0) return { queued: [], unsure: 0 };
    await this.#lookAtQueues(deliveries);
    const outcomes = await queue.add(this.#order.inOrder(deliveries));
    const queued: Delivery[] = [];
    const unsure: (UnsureDelivery & Pick<Delivery, 'runIds'>)[] = [];
    for (const [index, delivery] of deliveries.entries()) {
      const outcome = outcomes[index] ?? { status: 'unsure', reason: 'the queue did not report a reason' };
      if (outcome.status === 'queued') queued.push(delivery);
      else if (outcome.status === 'refused') await this.#refuse(epoch, delivery, outcome.reason);
      else unsure.push({ ...outcome, runIds: delivery.runIds });
    }
    this.#reportUnsure(unsure);
    return { queued, unsure: unsure.length };
  }

  /** Which deliveries go first depends on how many wait. Where that cannot be found out, what was known counts. */
  async #lookAtQueues(deliveries: readonly Delivery[]): Promise<void> {
    const { queue } = this.#parts;
    const look = async (executor: string) => this.#order.look(executor, await queue.waiting(executor));
    await Promise.all(this.#order.toLookAt(deliveries).map((executor) => look(executor).catch(() => {})));
  }

  async #refuse(epoch: number, delivery: Delivery, reason: string): Promise<void> {
    const { jobStore, terms, report } = this.#parts;
    const error = { ...errorInfo(reason), code: 'QUEUE_REFUSED' };
    report({ kind: 'delivery_refused', jobStore, runIds: delivery.runIds, reason });
    for (const runId of delivery.runIds) {
      unfenced(await terms.refuse({ epoch, runId, deliveryId: delivery.id, error }));
    }
  }

  /** Once for each reason: a queue that does not answer keeps all of them back. */
  #reportUnsure(unsure: readonly (UnsureDelivery & Pick<Delivery, 'runIds'>)[]): void {
    const { jobStore, report } = this.#parts;
    for (const reason of new Set(unsure.map(({ reason }) => reason))) {
      const alike = unsure.filter((one) => one.reason === reason);
      const runIds = alike.flatMap(({ runIds }) => runIds);
      report({ kind: 'delivery_unsure', jobStore, runIds, reason, fault: alike[0]?.fault });
    }
  }
}
