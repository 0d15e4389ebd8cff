import type {
  Delivery,
  DeliveryConsumer,
  Handled,
  QueueLimits,
  Slot,
  SlotShare,
  WorkerBackend,
} from '@carillon/core/internal';
import { onTestFinished } from 'vitest';
import { SlotPool } from '../../packages/worker/src/slots.js';

interface HeldOptions {
  readonly concurrency?: number;
  /** Slots that it shares with other consumers, instead of `concurrency`. */
  readonly pool?: SlotPool;
  readonly leaseMs?: number;
  readonly executor?: string;
  readonly jobStore?: string;
  readonly limits?: QueueLimits;
}

/** Takes deliveries, and holds each until the test calls `finish` or `giveBack`. */
export class Held {
  readonly taken: Delivery[] = [];
  readonly consumer: DeliveryConsumer;
  isDead = false;
  /** How many waits for a slot are under way. */
  waits = 0;
  readonly #finish: ((handled: Handled) => void)[] = [];

  constructor(backend: WorkerBackend, options: HeldOptions = {}) {
    const { concurrency = 1, pool = new SlotPool(concurrency, backend.clock), jobStore = 'default' } = options;
    const { leaseMs = 10_000, executor = 'default', limits = {} } = options;
    const handle = async (one: Delivery, slot: Slot) => {
      this.taken.push(one);
      return slot.use(() => new Promise<Handled>((resolve) => this.#finish.push(resolve)));
    };
    const slots = this.#counted(pool.join());
    this.consumer = backend.consumer(jobStore, { executor, slots, ...limits, leaseMs, handle });
    onTestFinished(async () => {
      if (this.isDead) return;
      const closed = this.consumer.close();
      this.finish(Number.POSITIVE_INFINITY);
      await closed;
    });
  }

  #counted(share: SlotShare): SlotShare {
    const take = async () => {
      this.waits++;
      return share.take().finally(() => this.waits--);
    };
    return { ...share, take };
  }

  get holding(): number {
    return this.#finish.length;
  }

  get ids(): string[] {
    return this.taken.map(({ id }) => id);
  }

  finish(count = 1): void {
    for (const finish of this.#finish.splice(0, count)) finish('done');
  }

  /** Gives back the oldest delivery that it holds. */
  giveBack(): void {
    this.#finish.shift()?.('again');
  }
}
