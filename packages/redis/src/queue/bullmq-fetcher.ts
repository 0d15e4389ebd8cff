import { setTimeout as delay } from 'node:timers/promises';
import {
  type ConsumerOptions,
  type Handled,
  type Outage,
  OutageWatch,
  type Slot,
  systemClock,
} from '@carillon/core/internal';
import { Job, type Worker } from 'bullmq';
import { z } from 'zod';
import type { BullmqLocks } from './bullmq-locks.js';
import { RateLimitWatch } from './bullmq-rate-limit.js';
import { endingError } from './delivery-lost.js';

const dataSchema = z.object({ runIds: z.array(z.string()) });

/** How long it waits after an error of Redis before it asks again, ms. */
const RETRY_MS = 1_000;
/** How long nothing is taken after a delivery that could not be handled, ms. */
const REST_MS = 1_000;
/** How long it waits under a rate limit before it asks again, ms. */
const LIMITED_MS = 50;

/** A delivery, the token of its lock, and the slot that it is handled in. */
interface Taken {
  readonly job: Job;
  readonly token: string;
  readonly slot: Slot;
}

export interface BullmqFetcherParts extends Pick<ConsumerOptions, 'executor' | 'slots' | 'handle'> {
  readonly worker: Worker;
  readonly locks: BullmqLocks;
  /** Once this is aborted, no more deliveries are taken. */
  readonly stopping: AbortSignal;
  readonly onError: (error: Error) => void;
}

/**
 * Fetches deliveries from a queue in BullMQ and has them handled. It replaces the fetching of BullMQ's worker, whose concurrency is for one
 * queue only: this one takes a delivery with a slot in hand. If the queue is empty, it waits for the next delivery without a slot. If no slot
 * is free when that arrives, it gives the delivery back, to be the first in the queue again.
 */
export class BullmqFetcher {
  readonly #parts: BullmqFetcherParts;
  readonly #working = new Set<Promise<void>>();
  /** Whether it waits for something to arrive in the queue. */
  #isWaiting = false;
  #isAskingAgain = false;
  /** It takes nothing until this resolves. */
  #rest: Promise<void> | undefined;
  #tokens = 0;
  readonly #watch = new OutageWatch(systemClock);
  readonly #limit: RateLimitWatch;

  constructor(parts: BullmqFetcherParts) {
    this.#parts = parts;
    this.#limit = new RateLimitWatch(parts.worker);
  }

  /** Since when Redis has refused what is asked of the queue. */
  get outage(): Outage | null {
    return this.#watch.outage;
  }

  /** Resolves once all deliveries that were taken are handled. */
  async handled(): Promise<void> {
    await Promise.all(this.#working);
  }

  get #takes(): boolean {
    return !this.#parts.stopping.aborted && !this.#rest;
  }

  /** Fetches until it is stopped. Never rejects. */
  async run(): Promise<void> {
    while (!this.#parts.stopping.aborted) {
      try {
        await this.#rest;
        const token = this.#token();
        const taken = (await this.#take(token)) ?? (await this.#await(token));
        this.#watch.ended();
        if (taken) this.#begin(taken);
      } catch (error) {
        if (this.#parts.stopping.aborted) return;
        this.#watch.began(error);
        this.#parts.onError(error as Error);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #token(): string {
    this.#tokens += 1;
    return `${this.#parts.worker.id}:${this.#tokens}`;
  }

  #next(token: string, block: boolean): Promise<Job | undefined> {
    this.#limit.check();
    return this.#parts.worker.getNextJob(token, { block });
  }

  /** Waits for a slot, then takes a delivery, if one is there. */
  async #take(token: string): Promise<Taken | undefined> {
    const slot = await this.#parts.slots.take();
    if (!slot) return undefined;
    if (!this.#takes) return void slot.release();
    const job: Job | undefined = await this.#next(token, false).catch((error) => {
      slot.release();
      throw error;
    });
    // If that took long, another member may have the slot.
    if (job && this.#takes && slot.tryHold()) return { job, token, slot };
    slot.release();
    return job && this.#giveBack(job, token);
  }

  /** Waits for a delivery to arrive in an empty queue, and takes it, if a slot is free then. */
  async #await(token: string): Promise<Taken | undefined> {
    while (this.#takes) {
      let hasAsked = false;
      const later = setImmediate(() => {
        hasAsked = true;
      });
      this.#isWaiting = true;
      const job: Job | undefined = await this.#next(token, true).finally(() => {
        this.#isWaiting = false;
        clearImmediate(later);
      });
      const slot = job && this.#takes ? this.#parts.slots.tryTake() : undefined;
      if (job && slot) return { job, token, slot };
      if (job) return this.#giveBack(job, token);
      // Under a rate limit, BullMQ answers without asking Redis. A delivery that is given back would count, so the next call has a slot.
      if (!hasAsked) return delay(LIMITED_MS, undefined, { ref: false });
    }
    return undefined;
  }

  #begin(taken: Taken): void {
    const work = this.#work(taken).finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** Handles a delivery, then each next one that BullMQ returns, as long as no other member is to have the slot. Never rejects. */
  async #work({ job: first, token, slot }: Taken): Promise<void> {
    let goesOn = true;
    for (let job: Job | undefined = first; job; ) {
      this.#parts.locks.keep(token, job.id ?? '');
      const handled = await this.#handle(job, slot);
      this.#parts.locks.forget(token);
      if (handled === 'again') this.#beginRest();
      goesOn = this.#takes && slot.mayKeep() && slot.hasRoom();
      const ended: Promise<Job | undefined> =
        handled === 'done' ? this.#finish(job, { token, slot }, goesOn) : this.#giveBack(job, token);
      job = await ended.catch((error) => {
        if (!this.#parts.stopping.aborted) this.#parts.onError(error);
        return undefined;
      });
    }
    slot.release();
    if (!goesOn) await this.#askAgain();
  }

  async #handle({ id, data, priority, timestamp: queuedAt }: Job, slot: Slot): Promise<Handled> {
    const { executor, handle } = this.#parts;
    const known = dataSchema.safeParse(data);
    if (known.success && id) return handle({ id, executor, priority, runIds: known.data.runIds, queuedAt }, slot);
    this.#parts.onError(new Error(`job ${id} of queue ${executor} is not a delivery; it is dropped`));
    return 'done';
  }

  #beginRest(): void {
    this.#rest ??= delay(REST_MS, undefined, { ref: false }).then(() => {
      this.#rest = undefined;
    });
  }

  async #giveBack(job: Job, token: string): Promise<undefined> {
    await job.moveToWait(token).catch((error) => {
      throw endingError(job.id ?? '', error);
    });
  }

  /** Finishes a delivery. The same call takes the next one, if there is one and it is to be handled in the same slot. */
  async #finish(job: Job, { token, slot }: Omit<Taken, 'job'>, goesOn: boolean): Promise<Job | undefined> {
    const answer = await job.moveToCompleted(undefined, token, goesOn).catch((error) => {
      throw endingError(job.id ?? '', error);
    });
    const [data, id] = answer ?? [];
    if (!data || !id) return undefined;
    const next = Job.fromJSON(this.#parts.worker, data, id);
    return this.#takes && slot.tryHold() ? next : this.#giveBack(next, token);
  }

  /**
   * Asks once more while it waits. A queue seems empty while its global concurrency is reached. When it no longer is, nothing notifies those
   * that wait. Only a worker here knows it, after it has finished a delivery without asking for the next one.
   */
  async #askAgain(): Promise<void> {
    if (!this.#isWaiting || this.#isAskingAgain || !this.#takes) return;
    this.#isAskingAgain = true;
    try {
      const token = this.#token();
      const taken = await this.#take(token);
      if (taken) this.#begin(taken);
    } catch (error) {
      if (!this.#parts.stopping.aborted) this.#parts.onError(error as Error);
    } finally {
      this.#isAskingAgain = false;
    }
  }
}
