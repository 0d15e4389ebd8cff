import { DeliveryLost } from './delivery-lost.js';

/** BullMQ's worker. `extendJobLocks` returns the id of a job once for each of these tokens that no longer holds its lock. */
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
  /** The client never fails: without a connection, a call waits for the next one, and further calls would wait behind it. */
  #isRenewing = false;

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
    if (this.#isRenewing || this.#held.size === 0) return;
    this.#isRenewing = true;
    const asked = [...this.#held];
    try {
      const ids = asked.map(([, id]) => id);
      const tokens = asked.map(([token]) => token);
      this.#lose(asked, await this.#worker.extendJobLocks(ids, tokens, this.#leaseMs));
    } catch (error) {
      this.#onError(error as Error);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Reports the deliveries whose locks were lost. A lock that was lost is not renewed again: its token never gets it back. */
  #lose(asked: readonly (readonly [token: string, id: string])[], lost: readonly string[]): void {
    const left = [...lost];
    // Of two tokens for a delivery, the later one may have its lock. The earlier one does not.
    for (const [token, id] of asked) {
      const index = left.indexOf(id);
      if (index === -1) continue;
      left.splice(index, 1);
      // A delivery that has ended meanwhile no longer has a lock.
      if (this.#held.get(token) !== id) continue;
      this.#held.delete(token);
      this.#onError(new DeliveryLost(id));
    }
  }
}
