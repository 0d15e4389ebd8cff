import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerOptions, DeliveryConsumer, Handled, RedisClient, Slot } from '@carillon/core/internal';
import { type ConnectionOptions, Job, Queue, Worker } from 'bullmq';
import { z } from 'zod';
import { BullmqLocks } from './bullmq-locks.js';

const dataSchema = z.object({ runIds: z.array(z.string()) });

/** Whether a run may be tried again is for the ledger to say: BullMQ's own limit on stalls is set out of the way. */
const NO_STALL_LIMIT = 1_000_000_000;
/** A delivery, the token of its lock, and the slot that it is handled in. */
interface Taken {
  readonly job: Job;
  readonly token: string;
  readonly slot: Slot;
}

const RETRY_MS = 1_000;
const LIMITED_MS = 50;

/**
 * Takes deliveries from one executor's queue in BullMQ. It fetches them itself, as BullMQ's worker has a concurrency for each
 * queue only: a delivery is taken with a slot in hand. Where the queue is empty it waits for the next one without a slot, and
 * gives it back, to be the first again, if the last slot was taken meanwhile.
 */
export class BullmqConsumer implements DeliveryConsumer {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #options: ConsumerOptions;
  readonly #onError: (error: Error) => void;
  readonly #working = new Set<Promise<void>>();
  #worker: Worker | undefined;
  #locks: BullmqLocks | undefined;
  #fetching: Promise<void> | undefined;
  #isPaused = false;
  /** It waits for something to come to the queue. */
  #isWaiting = false;
  #isAskingAgain = false;
  /** It takes nothing until then. */
  #rest: Promise<void> | undefined;
  #tokens = 0;

  constructor(client: RedisClient, prefix: string, options: ConsumerOptions, onError: (error: Error) => void) {
    this.#client = client;
    this.#prefix = prefix;
    this.#options = options;
    this.#onError = onError;
  }

  get #takes(): boolean {
    return !this.#isPaused && !this.#rest;
  }

  async start(): Promise<void> {
    await this.#limit();
    if (this.#isPaused) return;
    this.#worker ??= this.#open();
    const worker = this.#worker;
    await worker.waitUntilReady().catch((error) => {
      if (!this.#isPaused) throw error;
    });
    if (this.#isPaused) return;
    await worker.startStalledCheckTimer();
    this.#locks = new BullmqLocks(worker, this.#options.leaseMs, this.#onError);
    this.#fetching = this.#fetch(worker, this.#locks);
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    this.#options.slots.leave();
    await this.#worker?.pause(true);
  }

  async close(): Promise<void> {
    await this.pause();
    const isConnected = this.#client.status === 'ready';
    if (isConnected) await Promise.all(this.#working);
    this.#locks?.close();
    // By force: it would wait for its wait on the queue, and for ever for a client that is not connected.
    await this.#worker?.close(true);
    if (isConnected) await this.#fetching;
  }

  #open(): Worker {
    const { executor, leaseMs } = this.#options;
    const worker = new Worker(executor, undefined, {
      connection: this.#client as ConnectionOptions,
      prefix: this.#prefix,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      maxStalledCount: NO_STALL_LIMIT,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    return worker.on('error', this.#onError);
  }

  /** The queue's own record has them, for all its workers. */
  async #limit(): Promise<void> {
    const { executor, globalConcurrency, rateLimit } = this.#options;
    if (globalConcurrency === undefined && rateLimit === undefined) return;
    const connection = this.#client as ConnectionOptions;
    const queue = new Queue(executor, { connection, prefix: this.#prefix, skipMetasUpdate: true });
    queue.on('error', this.#onError);
    try {
      if (globalConcurrency) await queue.setGlobalConcurrency(globalConcurrency);
      else if (globalConcurrency === null) await queue.removeGlobalConcurrency();
      if (rateLimit) await queue.setGlobalRateLimit(rateLimit.max, rateLimit.durationMs);
      else if (rateLimit === null) await queue.removeGlobalRateLimit();
    } finally {
      await queue.close();
    }
  }

  async #fetch(worker: Worker, locks: BullmqLocks): Promise<void> {
    while (!this.#isPaused) {
      try {
        await this.#rest;
        const token = this.#token(worker);
        const taken = (await this.#take(worker, token)) ?? (await this.#await(worker, token));
        if (taken) this.#begin(worker, locks, taken);
      } catch (error) {
        if (this.#isPaused) return;
        this.#onError(error as Error);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #token(worker: Worker): string {
    this.#tokens += 1;
    return `${worker.id}:${this.#tokens}`;
  }

  /** Waits for a slot, then takes a delivery, if one is there. */
  async #take(worker: Worker, token: string): Promise<Taken | undefined> {
    const slot = await this.#options.slots.take();
    if (!slot) return undefined;
    if (!this.#takes) return void slot.release();
    const job: Job | undefined = await worker.getNextJob(token, { block: false }).catch((error) => {
      slot.release();
      throw error;
    });
    // Where that took long, others may have the slot.
    if (job && this.#takes && slot.tryHold()) return { job, token, slot };
    slot.release();
    await job?.moveToWait(token);
    return undefined;
  }

  /** Waits for a delivery to come to an empty queue, and takes it, if a slot is free then. */
  async #await(worker: Worker, token: string): Promise<Taken | undefined> {
    while (this.#takes) {
      let hasAsked = false;
      const later = setImmediate(() => {
        hasAsked = true;
      });
      this.#isWaiting = true;
      const job: Job | undefined = await worker.getNextJob(token, { block: true }).finally(() => {
        this.#isWaiting = false;
        clearImmediate(later);
      });
      const slot = job && this.#takes ? this.#options.slots.tryTake() : undefined;
      if (job && slot) return { job, token, slot };
      if (job) return void (await job.moveToWait(token));
      // Under a rate limit, BullMQ answers without asking Redis. What is given back would count, so it is asked with a slot.
      if (!hasAsked) return delay(LIMITED_MS, undefined, { ref: false });
    }
    return undefined;
  }

  #begin(worker: Worker, locks: BullmqLocks, taken: Taken): void {
    const work = this.#work(worker, locks, taken).finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** Handles a delivery, and those that finishing it brings, as long as nobody else is to have the slot. Never rejects. */
  async #work(worker: Worker, locks: BullmqLocks, { job: first, token, slot }: Taken): Promise<void> {
    let goesOn = true;
    for (let job: Job | undefined = first; job; ) {
      locks.keep(token, job.id ?? '');
      const handled = await this.#handle(job, slot);
      locks.letGo(token);
      if (handled === 'again') this.#beginRest();
      goesOn = this.#takes && slot.mayKeep();
      const ended: Promise<Job | undefined> =
        handled === 'done' ? this.#finish(worker, job, { token, slot }, goesOn) : this.#giveBack(job, token);
      job = await ended.catch((error) => {
        if (!this.#isPaused) this.#onError(error);
        return undefined;
      });
    }
    slot.release();
    if (!goesOn) await this.#askAgain(worker, locks);
  }

  async #handle({ id, data, priority }: Job, slot: Slot): Promise<Handled> {
    const { executor, handle } = this.#options;
    const known = dataSchema.safeParse(data);
    if (known.success && id) return handle({ id, executor, priority, runIds: known.data.runIds }, slot);
    this.#onError(new Error(`job ${id} of queue ${executor} is no delivery; it is dropped`));
    return 'done';
  }

  #beginRest(): void {
    this.#rest ??= delay(RETRY_MS, undefined, { ref: false }).then(() => {
      this.#rest = undefined;
    });
  }

  async #giveBack(job: Job, token: string): Promise<undefined> {
    await job.moveToWait(token);
  }

  /** One call finishes a delivery and brings the next one, if there is one and it is to be handled in the same slot. */
  async #finish(
    worker: Worker,
    job: Job,
    { token, slot }: Omit<Taken, 'job'>,
    goesOn: boolean,
  ): Promise<Job | undefined> {
    const [data, id] = (await job.moveToCompleted(undefined, token, goesOn)) ?? [];
    if (!data || !id) return undefined;
    const next = Job.fromJSON(worker, data, id);
    return this.#takes && slot.tryHold() ? next : this.#giveBack(next, token);
  }

  /**
   * A queue under a global concurrency seems empty while that is reached, and nothing tells who waits for it that it is so no more:
   * only who finishes a delivery, and here did not ask for the next one.
   */
  async #askAgain(worker: Worker, locks: BullmqLocks): Promise<void> {
    if (!this.#isWaiting || this.#isAskingAgain || !this.#takes) return;
    this.#isAskingAgain = true;
    try {
      const token = this.#token(worker);
      const taken = await this.#take(worker, token);
      if (taken) this.#begin(worker, locks, taken);
    } catch (error) {
      if (!this.#isPaused) this.#onError(error as Error);
    } finally {
      this.#isAskingAgain = false;
    }
  }
}
