import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerOptions, DeliveryConsumer, RedisClient } from '@carillon/core/internal';
import { type ConnectionOptions, Job, Queue, Worker } from 'bullmq';
import { z } from 'zod';
import { BullmqLocks } from './bullmq-locks.js';

const dataSchema = z.object({ runIds: z.array(z.string()) });

/** Whether a run may be tried again is for the ledger to say: BullMQ's own limit on stalls is set out of the way. */
const NO_STALL_LIMIT = 1_000_000_000;
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
  #tokens = 0;

  constructor(client: RedisClient, prefix: string, options: ConsumerOptions, onError: (error: Error) => void) {
    this.#client = client;
    this.#prefix = prefix;
    this.#options = options;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    const { leaseMs } = this.#options;
    await this.#limit();
    if (this.#isPaused) return;
    const worker = this.#worker ?? this.#open();
    await worker.waitUntilReady().catch((error) => {
      if (!this.#isPaused) throw error;
    });
    if (this.#isPaused) return;
    await worker.startStalledCheckTimer();
    this.#locks = new BullmqLocks(worker, leaseMs, this.#onError);
    this.#fetching = this.#fetch(worker, this.#locks);
  }

  #open(): Worker {
    const { executor, leaseMs } = this.#options;
    this.#worker = new Worker(executor, undefined, {
      connection: this.#client as ConnectionOptions,
      prefix: this.#prefix,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      maxStalledCount: NO_STALL_LIMIT,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    return this.#worker.on('error', this.#onError);
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
      const token = `${worker.id}:${this.#tokens++}`;
      try {
        const job = await this.#next(worker, token);
        if (!job) continue;
        const work = this.#work(worker, locks, job, token).finally(() => this.#working.delete(work));
        this.#working.add(work);
      } catch (error) {
        if (this.#isPaused) return;
        this.#onError(error as Error);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** The next delivery, with a slot for it. */
  async #next(worker: Worker, token: string): Promise<Job | undefined> {
    const { slots } = this.#options;
    if (!(await slots.take())) return undefined;
    const there = await worker.getNextJob(token, { block: false }).catch((error) => {
      slots.release();
      throw error;
    });
    if (there && !this.#isPaused) return there;
    slots.release();
    const come = there ?? (await this.#wait(worker, token));
    // Once paused, there are no slots to take.
    if (!come || slots.tryTake()) return come;
    await come.moveToWait(token);
    return undefined;
  }

  /** The first delivery that comes to an empty queue. */
  async #wait(worker: Worker, token: string): Promise<Job | undefined> {
    while (!this.#isPaused) {
      let hasAsked = false;
      const later = setImmediate(() => {
        hasAsked = true;
      });
      const job: Job | undefined = await worker.getNextJob(token, { block: true });
      clearImmediate(later);
      if (job) return job;
      // Under a rate limit, BullMQ answers without asking Redis.
      if (!hasAsked) await delay(LIMITED_MS, undefined, { ref: false });
    }
    return undefined;
  }

  /** Handles a delivery, and those that finishing it brings, as long as nobody else is to have the slot. Never rejects. */
  async #work(worker: Worker, locks: BullmqLocks, first: Job, token: string): Promise<void> {
    const { slots } = this.#options;
    for (let job: Job | undefined = first; job; ) {
      const { id = '' } = job;
      locks.keep(token, id);
      await this.#handle(job);
      locks.letGo(token);
      job = await this.#finish(worker, job, token).catch((error) => {
        if (!this.#isPaused) this.#onError(error);
        return undefined;
      });
    }
    slots.release();
  }

  async #handle({ id, data, priority }: Job): Promise<void> {
    const { executor, handle } = this.#options;
    const known = dataSchema.safeParse(data);
    if (known.success && id) await handle({ id, executor, priority, runIds: known.data.runIds });
    else this.#onError(new Error(`job ${id} of queue ${executor} is no delivery; it is dropped`));
  }

  /** One call finishes a delivery and brings the next one, if there is one and it is to be handled in the same slot. */
  async #finish(worker: Worker, job: Job, token: string): Promise<Job | undefined> {
    const goesOn = !this.#isPaused && this.#options.slots.mayKeep();
    const [data, id] = (await job.moveToCompleted(undefined, token, goesOn)) ?? [];
    if (!data || !id) return undefined;
    const next = Job.fromJSON(worker, data, id);
    if (!this.#isPaused) return next;
    await next.moveToWait(token);
    return undefined;
  }
}
