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
import { valueOrTermOver } from './fenced.js';
import { only, packed } from './packing.js';
import { quarantineRuns } from './quarantine.js';
import { QueueOrder } from './queue-order.js';
import { Sending } from './sending.js';
import { type OutboxLook, type QueuedPage, Unconfirmed } from './unconfirmed.js';
import { Workforce } from './workforce.js';

const RUNS_PER_PAGE = 500;
/** While Redis is full, a delivery needs room that only runs which end make. */
const RUNS_WHEN_FULL = 50;

/** `slowly`: Redis is full, and only a few were sent. */
export type Dispatched = 'all' | 'more' | 'slowly';

/** Runs that a look at the outbox may find, and that need no dispatch. */
export interface OnTheWay {
  /** Since when such runs may be in the outbox, by the store's clock, ms; null if none are. */
  readonly since: number | null;
  /** The deliveries of those runs that are in their queues, page by page. */
  readonly unconfirmed: readonly QueuedPage[];
}

export interface DispatcherParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly report: Report;
  /** How runs are packed. Default: `PACK_RULES`. */
  readonly packRules?: PackRules | undefined;
}

/**
 * Dispatches runs from the outbox to their executors' queues: it packs them into deliveries, assigns these in the ledger, sends them to the
 * queues, and confirms them.
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
   * Dispatches a page of the runs in the outbox whose time has come. A run leaves the outbox only once its delivery is known to be
   * queued; else it stays, and is sent later under another delivery id. First waits until nothing is being sent: the outbox holds those
   * runs, too.
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
   * @param fresh runs of jobs that have just come due, by id
   */
  async pack(runs: readonly RunRoute[], fresh?: ReadonlySet<string>): Promise<readonly Delivery[]> {
    const { chance, packRules } = this.#parts;
    const nonce = chance.id();
    const serving = await this.#serving(runs);
    const waiting = this.#order.waiting.bind(this.#order);
    return packed(runs, { nonce, ...(fresh && { fresh }), serving, waiting, rules: packRules });
  }

  /** The workers of the executors of these runs. None for a single run: it is packed alike, whatever they are. */
  async #serving(runs: readonly RunRoute[]): Promise<ReadonlyMap<string, Serving>> {
    if (runs.length < 2) return new Map();
    return this.#workforce.of(new Set(runs.map(({ executor }) => executor)));
  }

  /** Assigns runs to their deliveries in the ledger. Returns the deliveries without the runs that must not be sent any more. */
  async #assign(epoch: number, deliveries: readonly Delivery[], evenWhenFull = false): Promise<readonly Delivery[]> {
    const assigned = valueOrTermOver(await this.#parts.terms.assign({ epoch, deliveries, evenWhenFull }));
    return only(deliveries, new Set(assigned));
  }

  /** Runs that may be in the outbox, though they are on their way to a queue, or in it already, as far as is known now. */
  get onTheWay(): OnTheWay {
    const instants = [this.#sending.since, this.#unconfirmed.since].filter((since) => since !== null);
    return { since: instants.length > 0 ? Math.min(...instants) : null, unconfirmed: this.#unconfirmed.pages };
  }

  /** Notes what a look at the outbox found. Late deliveries are confirmed: by the sending that is under way, or else by one that begins now. */
  looked(epoch: number, look: OutboxLook): void {
    this.#unconfirmed.looked(look);
    const [oldest] = this.#unconfirmed.late.pages;
    if (!oldest || this.#sending.since !== null) return;
    this.#sending.begin(oldest.since, () => this.#confirmLate(epoch));
  }

  /**
   * Sends deliveries that the ledger names, once earlier ones are sent. Resolves as sending begins. Most of their runs leave the outbox as
   * they start: deliveries are confirmed only if a later look finds their runs there.
   * @param since a time before their runs entered the outbox, by the store's clock, ms
   * @throws TermOver and whatever else the earlier ones failed with
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

  /** For each executor of these runs: how long the deliveries that wait in its queue keep workers busy, ms. */
  busyMs(runs: readonly RunRoute[]): number[] {
    return [...new Set(runs.map(({ executor }) => executor))].map((executor) => this.#order.busyMs(executor));
  }

  /** @throws TermOver and whatever else sending has failed with, once */
  checkSent(): void {
    this.#sending.check();
  }

  /** Confirms queued deliveries, once nothing is being sent. @throws TermOver and whatever else sending has failed with, once */
  async confirm(epoch: number): Promise<void> {
    await this.#sending.ended();
    this.#unconfirmed.markLate(this.#unconfirmed.pages);
    await this.#confirmLate(epoch);
  }

  /** Confirms queued deliveries as a term ends, if that is possible. Never rejects. */
  async end(epoch: number): Promise<void> {
    await this.confirm(epoch).catch(() => {});
    this.#unconfirmed.forget(this.#unconfirmed.pages);
  }

  async #confirmLate(epoch: number): Promise<void> {
    const { deliveries, pages } = this.#unconfirmed.late;
    if (deliveries.length > 0) valueOrTermOver(await this.#parts.terms.confirmQueued({ epoch, deliveries }));
    this.#unconfirmed.forget(pages);
  }

  /** Returns how many deliveries are not known to be queued: their runs stay in the outbox. */
  async #sendAndConfirm(epoch: number, deliveries: readonly Delivery[]): Promise<number> {
    const { queued, unsure } = await this.#send(epoch, deliveries);
    if (queued.length > 0) valueOrTermOver(await this.#parts.terms.confirmQueued({ epoch, deliveries: queued }));
    return unsure;
  }

  /**
   * Puts deliveries that the ledger names on their queues. Returns the queued ones, and the number of those that are not known to be queued.
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

  /** Which deliveries go first depends on how many wait. If a queue cannot be read, the last known number counts. */
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
      valueOrTermOver(await terms.refuse({ epoch, runId, deliveryId: delivery.id, error }));
    }
  }

  /** Reports each reason once: a queue that does not answer keeps all deliveries back. */
  #reportUnsure(unsure: readonly (UnsureDelivery & Pick<Delivery, 'runIds'>)[]): void {
    const { jobStore, report } = this.#parts;
    for (const reason of new Set(unsure.map(({ reason }) => reason))) {
      const alike = unsure.filter((one) => one.reason === reason);
      const runIds = alike.flatMap(({ runIds }) => runIds);
      report({ kind: 'delivery_unsure', jobStore, runIds, reason, fault: alike[0]?.fault });
    }
  }
}
