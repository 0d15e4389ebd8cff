import { upkeepOf } from '../ports/clock.js';
import type { ConsumerOptions, Delivery, DeliveryConsumer, Slot } from '../ports/queue.js';
import type { ExecutorQueue, Taker } from './delivery-queue.js';
import type { Line } from './line.js';

const REST_MS = 1_000;

/** Takes deliveries from one executor's queue. */
export class MemoryConsumer implements DeliveryConsumer, Taker {
  readonly outage = null;
  readonly #line: Line;
  readonly #queue: ExecutorQueue;
  readonly #options: ConsumerOptions;
  readonly #working = new Set<Promise<void>>();
  /** Ids of the deliveries that are being handled. */
  readonly #handled = new Set<string>();
  #cancel: () => void = () => {};
  #started = false;
  #isPaused = false;
  #isResting = false;
  #isWaiting = false;
  /** A slot that it waited for and has not used yet. */
  #slot: Slot | undefined;

  constructor(line: Line, queue: ExecutorQueue, options: ConsumerOptions) {
    this.#line = line;
    this.#queue = queue;
    this.#options = options;
  }

  get leaseMs(): number {
    return this.#options.leaseMs;
  }

  tryTakeSlot(): Slot | undefined {
    const slot = this.#slot ?? this.#options.slots.tryTake();
    this.#slot = undefined;
    return slot;
  }

  waitForSlot(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#options.slots.take().then((slot) => {
      this.#isWaiting = false;
      this.#slot = slot;
      if (slot) this.#queue.handOut();
      // Another consumer has taken the delivery that the slot was for.
      this.#slot?.release();
      this.#slot = undefined;
    });
  }

  /** Limits in memory are never lost. */
  async keepLimits(): Promise<void> {}

  async start(): Promise<void> {
    if (this.#started) return;
    await this.#line.ask('consume', () => {
      this.#queue.limit(this.#options);
      this.#queue.enter(this);
      this.#line.onEnd(() => this.#queue.leave(this));
    });
    this.#started = true;
    this.#arm();
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    this.#queue.leave(this);
    this.#options.slots.leave();
  }

  async close(): Promise<void> {
    await this.pause();
    await Promise.all(this.#working);
    this.#cancel();
  }

  take(delivery: Delivery, slot: Slot): void {
    const work = this.#work(delivery, slot).finally(() => {
      this.#working.delete(work);
      slot.release();
      this.#queue.handOut();
    });
    this.#working.add(work);
  }

  async #work(delivery: Delivery, slot: Slot): Promise<void> {
    try {
      await this.#line.ask('take', () => this.#handled.add(delivery.id));
      const handled = await this.#options.handle(delivery, slot);
      if (handled === 'again') this.#rest();
      if (handled === 'again') await this.#line.ask('give back', () => this.#queue.giveBack(this, delivery.id));
      else await this.#line.ask('finish', () => this.#queue.finish(this, delivery.id));
    } catch {
      // A delivery that was taken and not finished is handed out again after the lease.
    } finally {
      this.#handled.delete(delivery.id);
    }
  }

  /** Takes no deliveries for a while. */
  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#queue.leave(this);
    this.#line.clock.after(REST_MS, () => {
      this.#isResting = false;
      if (!this.#isPaused && this.#line.isOpen) this.#queue.enter(this);
    });
  }

  /** Twice a lease, renews the locks of its deliveries, and takes back the deliveries of consumers that do not. */
  #arm(): void {
    this.#cancel = upkeepOf(this.#line.clock).after(this.leaseMs / 2, () => {
      const beat = this.#line.ask('renew', () => {
        this.#queue.renew(this, this.#handled);
        this.#queue.takeBack();
      });
      void beat.catch(() => {});
      if (this.#line.isOpen) this.#arm();
    });
  }
}
