import { DeliveryLost } from './delivery-lost.js';

/** BullMQ's worker. `extendJobLocks` returns the ids of jobs whose locks these tokens no longer hold. */
interface LockExtender {
  extendJobLocks(ids: string[], tokens: string[], durationMs: number): Promise<string[]>;
}

/** Renews the locks of the deliveries that a worker handles, all together, three times a lease. */
export class BullmqLocks {
  readonly #worker: LockExtender;
  readonly #leaseMs: number;
  readonly #onError: (error: Error) => void;
  /** Delivery ids by token: the same delivery may be handled twice, if its lock was lost and this worker got it again. */
  readonly #held = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(worker: LockExtender, leaseMs: number, onError: (error: Error) => void) {
    this.#worker = worker;
    this.#leaseMs = leaseMs;
    this.#onError = onError;
    this.#timer = setInterval(() => void this.#renew(), leaseMs / 3);
  }

  keep(token: string, deliveryId: string): void {
    this.#held.set(token, deliveryId);
  }

  /** Stops renewing the lock of this delivery. */
  forget(token: string): void {
    this.#held.delete(token);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const asked = [...this.#held];
    try {
      const ids = asked.map(([, id]) => id);
      const lost = await this.#worker.extendJobLocks(ids, [...this.#held.keys()], this.#leaseMs);
      for (const [token, id] of asked) {
        // A delivery that has ended meanwhile no longer has a lock.
        if (lost.includes(id) && this.#held.get(token) === id) {
          this.#onError(new DeliveryLost(id));
        }
      }
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}
