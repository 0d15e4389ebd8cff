import type { Outage } from './outage.js';

/** One message on an executor's queue. It names runs and carries no payload. */
export interface Delivery {
  readonly id: string;
  readonly executor: string;
  /** Priority 0 goes first, then 1, 2, … */
  readonly priority: number;
  readonly runIds: readonly string[];
  /**
   * true: it goes ahead of those that wait. Only deliveries of priority 0 have it, and only as they are added. As a delivery is packed, true
   * means that it may go ahead: its runs are of jobs that have just come due.
   */
  readonly goesAhead?: boolean;
  /** When it was queued, by the clock of the leader that queued it, ms. A delivery has it only as it is taken. */
  readonly queuedAt?: number;
}

/** The coordinator's side of the executors' queues of one job store. */
export interface DeliveryQueue {
  /**
   * Puts deliveries on their executors' queues and returns for each: `queued`; `refused`, which another try will not change; or `unsure`,
   * such as after a lost reply.
   */
  add(deliveries: readonly Delivery[]): Promise<readonly DeliveryOutcome[]>;
  /** How many deliveries of priority 0 wait in the queue of an executor. */
  waiting(executor: string): Promise<number>;
  close(): Promise<void>;
}

export type DeliveryOutcome =
  | { readonly status: 'queued' }
  | { readonly status: 'refused'; readonly reason: string }
  | UnsureDelivery;

export interface UnsureDelivery {
  readonly status: 'unsure';
  readonly reason: string;
  /** The error that the reason was taken from, if there was one. */
  readonly fault?: unknown;
}

/** The worker's side of one executor's queue. */
export interface DeliveryConsumer {
  /** Begins to take deliveries, each only with a slot for it. */
  start(): Promise<void>;
  /** The outage that keeps it from taking deliveries, or from starting; null if none is known. */
  readonly outage: Outage | null;
  /** Writes the limits of its queue again, if they are gone. Its owner calls this now and then. */
  keepLimits(): Promise<void>;
  /** Takes no more deliveries, ever. Resolves at once: deliveries that are being handled go on. */
  pause(): Promise<void>;
  /** Resolves once every delivery that was taken is done. */
  close(): Promise<void>;
}

/**
 * `done`: the ledger decides about the delivery's runs. `again`: nothing could be done with the delivery; it goes back to its queue, as the
 * first of its priority, and its consumer takes no more for a while.
 */
export type Handled = 'done' | 'again';

/** Never rejects. It does the work that counts against the concurrency in `slot.use`. */
export type HandleDelivery = (delivery: Delivery, slot: Slot) => Promise<Handled>;

/** A slot that was taken. While nothing is at work in it, because a job store does not answer, it is lent to others. */
export interface Slot {
  /** Works in the slot; if it was lent, first waits to have it back, in turn. Returns the result of the work: at once, if that is not a promise. */
  use<T>(work: () => T | Promise<T>): T | Promise<T>;
  /** Whether it is in hand. Takes it back if it was lent and one is free. */
  tryHold(): boolean;
  /** Whether it may be used for what comes next: it is in hand, and no waiting member has fewer. */
  mayKeep(): boolean;
  /** Takes another one for the same delivery, if one is free without a waiting member. */
  another(): Slot | undefined;
  /** Sets how many runs of its delivery wait to begin. If its share has many of them, it takes no more deliveries. */
  setUnbegun(runs: number): void;
  /** Whether its share may take more deliveries: few runs of those that it took wait to begin. */
  hasRoom(): boolean;
  /** Gives it up. A second time does nothing. */
  release(): void;
}

/** One consumer's part in the slots of its executor, which all job stores of a worker share. A delivery is handled in a slot. */
export interface SlotShare {
  /** Takes a slot if one is free. */
  tryTake(): Slot | undefined;
  /** Waits for a slot, in turn. Resolves with undefined once `leave` was called. */
  take(): Promise<Slot | undefined>;
  /** Takes no more slots. Those that were taken must still be released. */
  leave(): void;
}

/**
 * Limits of an executor in the whole cluster. null means no limit from now on. Left out: the present limit stays. The last caller that gives
 * one wins.
 */
export interface QueueLimits {
  /** Deliveries taken and not yet done, at most. */
  readonly globalConcurrency?: number | null | undefined;
  /** The most deliveries that are taken in a time. The time begins with the first one, and with the first one after it is over. */
  readonly rateLimit?: { readonly max: number; readonly durationMs: number } | null | undefined;
}

/** The limits hold from the start of the consumer on. */
export interface ConsumerOptions extends QueueLimits {
  readonly executor: string;
  readonly slots: SlotShare;
  /** After this long without a sign of life from its worker, a delivery is given to another one, ms. */
  readonly leaseMs: number;
  readonly handle: HandleDelivery;
}
