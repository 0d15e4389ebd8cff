import { type Clock, errorInfo } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { DeliveryQueue, Lane, Queued } from './queue.js';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;

/** How long to wait after a number of failures in a row, ms. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30), LONGEST_RETRY_MS);
}

export interface DelivererParts {
  readonly jobStore: string;
  readonly queue: DeliveryQueue;
  /** Sends it to the target. @throws Error that says why the target did not accept it */
  readonly send: (lane: Lane, queued: Queued, signal: AbortSignal) => Promise<void>;
  /** Called when the queue has changed and has to be written. Never throws. */
  readonly changed: () => void;
  /** Called before that, once one was delivered. */
  readonly delivered: (key: string, queued: Queued) => void;
  /** For how long a target is tried for one of them, ms. */
  readonly giveUpMs: (queued: Queued) => number;
  /** The store's time, as it is known. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Delivers notifications: those of a lane one by one, and several lanes at once, so that a target that accepts nothing delays no other
 * target.
 */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #stop = new AbortController();
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #wakes = new Set<() => void>();

  constructor(parts: DelivererParts) {
    this.#parts = parts;
  }

  /** Starts the delivery of each lane that is not empty and not being delivered. */
  pump(): void {
    if (this.#stop.signal.aborted) return;
    for (const lane of this.#parts.queue.lanes) {
      const name = `${lane.target} ${lane.rule}`;
      if (this.#lanes.has(name) || !this.#parts.queue.first(lane)) continue;
      this.#lanes.set(
        name,
        this.#deliverAll(lane).finally(() => this.#lanes.delete(name)),
      );
    }
  }

  /** Ends deliveries in progress; the process that watches next delivers them again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const wake of this.#wakes) wake();
    await Promise.all(this.#lanes.values());
  }

  async #deliverAll(lane: Lane): Promise<void> {
    const { queue, send, changed, delivered, logger, jobStore, giveUpMs, now } = this.#parts;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const first = queue.first(lane);
      if (!first) return;
      const { key, queued } = first;
      try {
        await unlessAborted(send(lane, queued, this.#stop.signal), this.#stop.signal);
        if (this.#stop.signal.aborted) return;
        failures = 0;
        queue.remove(lane, key);
        delivered(key, queued);
        changed();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        const retryMs = backoffMs(failures);
        const details = { jobStore, ...lane, retryMs, reason: errorInfo(error).message };
        logger.warn(details, 'a target did not accept a notification; trying again');
        if (now() - queued.at > giveUpMs(queued) && queue.giveUp(lane, key, jobStore)) {
          logger.error(details, 'a target did not accept a notification for too long: it is dropped');
          changed();
        }
        await this.#wait(retryMs);
      }
    }
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        this.#wakes.delete(wake);
        resolve();
      };
      const cancel = this.#parts.clock.after(ms, wake);
      this.#wakes.add(wake);
    });
  }
}

/** Waits for a promise until the signal is aborted, whether or not the promise reacts to it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
