import { type Clock, upkeepOf } from '../ports/clock.js';
import type { Delivery, DeliveryOutcome, DeliveryQueue, QueueLimits, Slot } from '../ports/queue.js';
import type { LookedQueue } from '../ports/store-look.js';
import type { MeasuredExecutor } from '../ports/store-measure.js';
import type { Line } from './line.js';
import { RateWindow } from './rate-window.js';

/** The part of a consumer that its queue uses. */
export interface Taker {
  readonly leaseMs: number;
  /** Takes a slot for one more delivery, if one is free. */
  tryTakeSlot(): Slot | undefined;
  /** Makes the queue hand out deliveries again once the consumer has a slot. */
  waitForSlot(): void;
  take(delivery: Delivery, slot: Slot): void;
}

interface Taken {
  readonly delivery: Delivery;
  readonly taker: Taker;
  readonly lockedUntil: number;
}

/**
 * The queue of one executor. It hands deliveries out by priority, then first in, first out. One taker has a delivery, until it shows no sign of
 * life.
 */
export class ExecutorQueue {
  /** The clock for the locks of deliveries. */
  readonly #upkeep: Clock;
  readonly #clock: Clock;
  /** When each delivery was added, by its id. */
  readonly #addedAt = new Map<string, number>();
  readonly #waiting: Delivery[] = [];
  readonly #unfinished = new Set<string>();
  readonly #taken = new Map<string, Taken>();
  /** The taker that took a delivery last is at the end. */
  readonly #takers: Taker[] = [];
  readonly #rate: RateWindow;
  #globalConcurrency = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#upkeep = upkeepOf(clock);
    this.#rate = new RateWindow(clock);
  }

  limit({ globalConcurrency, rateLimit }: QueueLimits): void {
    if (globalConcurrency !== undefined) this.#globalConcurrency = globalConcurrency ?? Number.POSITIVE_INFINITY;
    if (rateLimit !== undefined) this.#rate.limit(rateLimit);
    this.handOut();
  }

  /** How far the limits are used up; null if there are none. */
  look(executor: string): LookedQueue | null {
    const { rateLimit, limitedForMs } = this.#rate;
    const globalConcurrency = Number.isFinite(this.#globalConcurrency) ? this.#globalConcurrency : null;
    if (globalConcurrency === null && rateLimit === null) return null;
    return { executor, globalConcurrency, taken: this.#taken.size, rateLimit, limitedForMs };
  }

  /** Whether there is an unfinished delivery with this id. */
  has(id: string): boolean {
    return this.#unfinished.has(id);
  }

  /** Adds a delivery. A second one with the same id changes nothing. */
  add({ goesAhead = false, ...delivery }: Delivery): void {
    if (this.has(delivery.id)) return;
    this.#unfinished.add(delivery.id);
    this.#addedAt.set(delivery.id, Math.floor(this.#clock.now()));
    const isAhead = goesAhead && delivery.priority === 0;
    const before = isAhead ? -1 : this.#waiting.findLastIndex(({ priority }) => priority <= delivery.priority);
    this.#waiting.splice(before + 1, 0, delivery);
    this.handOut();
  }

  /** How many deliveries of priority 0 wait. */
  get size(): number {
    const others = this.#waiting.findIndex(({ priority }) => priority > 0);
    return others < 0 ? this.#waiting.length : others;
  }

  measure(): Omit<MeasuredExecutor, 'executor'> {
    const times = this.#waiting.flatMap(({ id }) => this.#addedAt.get(id) ?? []);
    const oldestAt = times.length > 0 ? Math.min(...times) : null;
    return { waiting: this.#waiting.length, taken: this.#taken.size, oldestAt };
  }

  enter(taker: Taker): void {
    this.#takers.push(taker);
    this.handOut();
  }

  leave(taker: Taker): void {
    const index = this.#takers.indexOf(taker);
    if (index >= 0) this.#takers.splice(index, 1);
  }

  handOut(): void {
    while (this.#waiting.length > 0) {
      if (this.#taken.size >= this.#globalConcurrency) return;
      const found = this.#findSlot();
      if (!found) {
        for (const one of this.#takers) one.waitForSlot();
        return;
      }
      const delivery = this.#rate.pass(() => this.handOut()) ? this.#waiting.shift() : undefined;
      if (!delivery) {
        found.slot.release();
        return;
      }
      const { taker, slot } = found;
      this.leave(taker);
      this.#takers.push(taker);
      this.#taken.set(delivery.id, { delivery, taker, lockedUntil: this.#upkeep.now() + taker.leaseMs });
      const queuedAt = this.#addedAt.get(delivery.id);
      taker.take(queuedAt === undefined ? delivery : { ...delivery, queuedAt }, slot);
    }
  }

  #findSlot(): { readonly taker: Taker; readonly slot: Slot } | undefined {
    for (const taker of this.#takers) {
      const slot = taker.tryTakeSlot();
      if (slot) return { taker, slot };
    }
    return undefined;
  }

  renew(taker: Taker, ids: Iterable<string>): void {
    for (const id of ids) {
      const taken = this.#taken.get(id);
      if (taken?.taker === taker) {
        this.#taken.set(id, { ...taken, lockedUntil: this.#upkeep.now() + taker.leaseMs });
      }
    }
  }

  /** Takes back the deliveries whose takers show no sign of life. They are handed out first. */
  takeBack(): void {
    const stalled = [...this.#taken.values()].filter(({ lockedUntil }) => lockedUntil <= this.#upkeep.now());
    for (const { delivery } of stalled) this.#taken.delete(delivery.id);
    this.#waiting.unshift(...stalled.map(({ delivery }) => delivery));
    this.handOut();
  }

  /** Takes back a delivery from its taker. It is the first of its priority again. */
  giveBack(taker: Taker, id: string): void {
    const taken = this.#taken.get(id);
    if (taken?.taker !== taker) return;
    this.#taken.delete(id);
    const before = this.#waiting.findIndex(({ priority }) => priority >= taken.delivery.priority);
    this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, taken.delivery);
    this.handOut();
  }

  finish(taker: Taker, id: string): void {
    if (this.#taken.get(id)?.taker !== taker) return;
    this.#taken.delete(id);
    this.#unfinished.delete(id);
    this.#addedAt.delete(id);
  }
}

/** The executors' queues of one job store. */
export class ExecutorQueues {
  readonly #clock: Clock;
  readonly #queues = new Map<string, ExecutorQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(executor: string): ExecutorQueue {
    const queue = this.#queues.get(executor) ?? new ExecutorQueue(this.#clock);
    this.#queues.set(executor, queue);
    return queue;
  }
}

/** The coordinator's side of the queues. As with BullMQ, several deliveries are not added in one step. */
export class MemoryDeliveryQueue implements DeliveryQueue {
  readonly #line: Line;
  readonly #queues: ExecutorQueues;

  constructor(line: Line, queues: ExecutorQueues) {
    this.#line = line;
    this.#queues = queues;
  }

  async add(deliveries: readonly Delivery[]): Promise<readonly DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = [];
    for (const delivery of deliveries) outcomes.push(await this.#addOne(delivery));
    return outcomes;
  }

  waiting(executor: string): Promise<number> {
    return this.#line.ask('waiting', () => this.#queues.get(executor).size);
  }

  async close(): Promise<void> {}

  async #addOne(delivery: Delivery): Promise<DeliveryOutcome> {
    try {
      await this.#line.ask('add', () => this.#queues.get(delivery.executor).add(delivery));
      return { status: 'queued' };
    } catch (error) {
      return { status: 'unsure', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
