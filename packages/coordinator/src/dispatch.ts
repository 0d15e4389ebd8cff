import {
  type Chance,
  type Clock,
  type DeliveredRun,
  type DeliveryQueue,
  errorInfo,
  type OutgoingRun,
  type PackRules,
  type Report,
  type Serving,
  StoreFullError,
  type TermStore,
  type UnsureDelivery,
} from '@carillon/core/internal';
import { unfenced } from './fenced.js';
import { Lanes } from './lanes.js';
import { type DueRun, only, type Pack, packed, runsOf } from './packs.js';
import { quarantineRuns } from './quarantine.js';
import { type OutboxLook, Queued, type QueuedPage } from './queued.js';
import { Sending } from './sending.js';
import { Workforce } from './workforce.js';

const RUNS_PER_PAGE = 500;
/** Where Redis is full, a delivery is room that the runs which are done have to make first. */
const RUNS_WHEN_FULL = 50;

/** `slowly`: Redis is full, and only a few were delivered. */
export type Dispatched = 'all' | 'more' | 'slowly';

/** What a look at the outbox may find that needs no delivery. */
export interface OnTheWay {
  /** Since when such runs may be in the outbox, by the store's clock, ms; null: none are. */
  readonly since: number | null;
  /** Those of them that are in their queues. */
  readonly queued: readonly QueuedPage[];
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

/** Takes the runs of an outbox to their executors' queues. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #workforce: Workforce;
  readonly #lanes: Lanes;
  readonly #sending = new Sending();
  readonly #queued = new Queued();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#workforce = new Workforce(parts);
    this.#lanes = new Lanes(parts.clock);
  }

  /**
   * Delivers a page of what the outbox holds and whose time has come. A run leaves it only once its delivery is known to be
   * queued; what is not known stays, and goes out later under another delivery id. First waits for what is being sent: the outbox
   * holds that, too.
   * @throws TermOver
   */
  async dispatch(epoch: number): Promise<Dispatched> {
    const { jobStore, terms, chance, report } = this.#parts;
    await this.takeOut(epoch);
    const { runs, unreadable, newer } = await terms.outgoing(RUNS_PER_PAGE);
    for (const id of newer) report({ kind: 'record_newer', jobStore, record: 'run', id });
    await quarantineRuns(this.#parts, epoch, unreadable);
    if (runs.length === 0) return 'all';
    const deliveries = await this.pack(runs);
    const named = await this.#deliver(epoch, deliveries).catch((error) => {
      if (error instanceof StoreFullError) return null;
      throw error;
    });
    if (!named) {
      const few = packed(runs.slice(0, RUNS_WHEN_FULL), chance.id());
      await this.#sendAndTakeOut(epoch, await this.#deliver(epoch, few, true));
      return 'slowly';
    }
    const left = await this.#sendAndTakeOut(epoch, named);
    return left === 0 && runs.length + unreadable.length >= RUNS_PER_PAGE ? 'more' : 'all';
  }

  /** Groups runs into deliveries, each with an id of its own. */
  async pack(runs: readonly DueRun[]): Promise<readonly Pack[]> {
    const { chance, packRules } = this.#parts;
    const waiting = this.#lanes.waiting.bind(this.#lanes);
    return packed(runs, chance.id(), await this.#serving(runs), waiting, packRules);
  }

  /** Who serves the executors of these runs, where so many go out that it matters. */
  async #serving(runs: readonly OutgoingRun[]): Promise<ReadonlyMap<string, Serving>> {
    if (runs.length < 2) return new Map();
    return this.#workforce.of(new Set(runs.map(({ executor }) => executor)));
  }

  /** Names deliveries in the ledger. Returns them without the runs that are not to be delivered any more. */
  async #deliver(epoch: number, deliveries: readonly Pack[], evenWhenFull = false): Promise<readonly Pack[]> {
    const runs = deliveries.flatMap(runsOf);
    const given = new Set(unfenced(await this.#parts.terms.deliver({ epoch, runs, evenWhenFull })));
    return only(deliveries, given);
  }

  /** What may be in the outbox that is on its way to its queue, or there already, as far as is known now. */
  get onTheWay(): OnTheWay {
    const instants = [this.#sending.since, this.#queued.since].filter((since) => since !== null);
    return { since: instants.length > 0 ? Math.min(...instants) : null, queued: this.#queued.pages };
  }

  /** Notes what a look at the outbox found. What is late there is taken out of it, by the one that is sending, or aside. */
  looked(epoch: number, look: OutboxLook): void {
    this.#queued.looked(look);
    const [oldest] = this.#queued.late.pages;
    if (!oldest || this.#sending.since !== null) return;
    this.#sending.begin(oldest.since, () => this.#takeOutLate(epoch));
  }

  /**
   * Sends deliveries that the ledger names, once those before them are sent. Resolves as it begins. Most of their runs leave the outbox
   * as they start: they are taken out of it only where a later look finds some there.
   * @param since before their runs entered the outbox, by the store's clock, ms
   * @throws TermOver and whatever else those before them failed with
   */
  async sendAside(epoch: number, deliveries: readonly Pack[], since: number): Promise<void> {
    await this.#sending.ended();
    if (deliveries.length === 0) return;
    this.#sending.begin(since, async () => {
      const { runs } = await this.#send(epoch, deliveries);
      if (runs.length > 0) this.#queued.add({ since, runs });
      await this.#takeOutLate(epoch);
    });
  }

  /** For how long what waits in the queues of these runs' executors keeps workers busy, for each executor, ms. */
  busyMs(runs: readonly OutgoingRun[]): number[] {
    return [...new Set(runs.map(({ executor }) => executor))].map((executor) => this.#lanes.busyMs(executor));
  }

  /** @throws TermOver and whatever else sending has failed with, once */
  checkSent(): void {
    this.#sending.check();
  }

  /** Takes out of the outbox what is in its queues, once nothing is being sent. @throws TermOver and whatever else it failed with, once */
  async takeOut(epoch: number): Promise<void> {
    await this.#sending.ended();
    this.#queued.markLate(this.#queued.pages);
    await this.#takeOutLate(epoch);
  }

  /** The same as a term ends, as far as that goes. Never rejects. */
  async end(epoch: number): Promise<void> {
    await this.takeOut(epoch).catch(() => {});
    this.#queued.forget(this.#queued.pages);
  }

  async #takeOutLate(epoch: number): Promise<void> {
    const { runs, pages } = this.#queued.late;
    if (runs.length > 0) unfenced(await this.#parts.terms.delivered({ epoch, runs }));
    this.#queued.forget(pages);
  }

  /** Returns how many are not known to be queued: their runs stay in the outbox. */
  async #sendAndTakeOut(epoch: number, deliveries: readonly Pack[]): Promise<number> {
    const { runs, unsure } = await this.#send(epoch, deliveries);
    if (runs.length > 0) unfenced(await this.#parts.terms.delivered({ epoch, runs }));
    return unsure;
  }

  /**
   * Puts deliveries that the ledger names on their queues. Returns the runs that are queued, and how many deliveries are not known to be.
   * @throws TermOver
   */
  async #send(epoch: number, deliveries: readonly Pack[]): Promise<{ runs: readonly DeliveredRun[]; unsure: number }> {
    const { queue } = this.#parts;
    if (deliveries.length === 0) return { runs: [], unsure: 0 };
    await this.#lookAtQueues(deliveries);
    const outcomes = await queue.add(this.#lanes.inOrder(deliveries));
    const runs: DeliveredRun[] = [];
    const unsure: (UnsureDelivery & Pick<Pack, 'runIds'>)[] = [];
    for (const [index, delivery] of deliveries.entries()) {
      const outcome = outcomes[index] ?? { status: 'unsure', reason: 'the queue did not say' };
      if (outcome.status === 'queued') runs.push(...runsOf(delivery));
      else if (outcome.status === 'refused') await this.#refuse(epoch, delivery, outcome.reason);
      else unsure.push({ ...outcome, runIds: delivery.runIds });
    }
    this.#reportUnsure(unsure);
    return { runs, unsure: unsure.length };
  }

  /** Which deliveries go first depends on how many wait. Where that cannot be found out, what was known counts. */
  async #lookAtQueues(deliveries: readonly Pack[]): Promise<void> {
    const { queue } = this.#parts;
    const look = async (executor: string) => this.#lanes.look(executor, await queue.waiting(executor));
    await Promise.all(this.#lanes.toLookAt(deliveries).map((executor) => look(executor).catch(() => {})));
  }

  async #refuse(epoch: number, delivery: Pack, reason: string): Promise<void> {
    const { jobStore, terms, report } = this.#parts;
    const error = { ...errorInfo(reason), code: 'QUEUE_REFUSED' };
    report({ kind: 'delivery_refused', jobStore, runIds: delivery.runIds, reason });
    for (const run of runsOf(delivery)) unfenced(await terms.refuse({ epoch, run, error }));
  }

  /** Once for each reason: a queue that does not answer keeps all of them back. */
  #reportUnsure(unsure: readonly (UnsureDelivery & Pick<Pack, 'runIds'>)[]): void {
    const { jobStore, report } = this.#parts;
    for (const reason of new Set(unsure.map(({ reason }) => reason))) {
      const alike = unsure.filter((one) => one.reason === reason);
      const runIds = alike.flatMap(({ runIds }) => runIds);
      report({ kind: 'delivery_unsure', jobStore, runIds, reason, fault: alike[0]?.fault });
    }
  }
}
