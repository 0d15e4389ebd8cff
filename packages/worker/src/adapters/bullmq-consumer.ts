import type { ConsumerOptions, DeliveryConsumer, RedisClient } from '@carillon/core/internal';
import { type ConnectionOptions, type Job, Queue, Worker } from 'bullmq';
import { z } from 'zod';

const dataSchema = z.object({ runIds: z.array(z.string()) });

/** Whether a run may be tried again is for the ledger to say: BullMQ's own limit on stalls is set out of the way. */
const NO_STALL_LIMIT = 1_000_000_000;

/** Takes deliveries from one executor's queue in BullMQ. */
export class BullmqConsumer implements DeliveryConsumer {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #options: ConsumerOptions;
  readonly #onError: (error: Error) => void;
  #worker: Worker | undefined;
  #isPaused = false;

  constructor(client: RedisClient, prefix: string, options: ConsumerOptions, onError: (error: Error) => void) {
    this.#client = client;
    this.#prefix = prefix;
    this.#options = options;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    const { executor, concurrency, leaseMs } = this.#options;
    await this.#limit();
    if (this.#isPaused) return;
    this.#worker ??= new Worker(executor, (job) => this.#take(job), {
      connection: this.#client as ConnectionOptions,
      prefix: this.#prefix,
      concurrency,
      autorun: false,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / 2),
      maxStalledCount: NO_STALL_LIMIT,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#worker.on('error', this.#onError);
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(this.#onError);
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.#worker?.pause(true);
  }

  async close(): Promise<void> {
    this.#isPaused = true;
    // A client that is not connected, and is told to stop trying, never says that it ended: BullMQ would wait for that.
    await this.#worker?.close(this.#client.status !== 'ready');
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

  async #take({ id, data, priority }: Job): Promise<void> {
    const { executor, handle } = this.#options;
    const known = dataSchema.safeParse(data);
    if (known.success && id) await handle({ id, executor, priority, runIds: known.data.runIds });
    else this.#onError(new Error(`job ${id} of queue ${executor} is no delivery; it is dropped`));
  }
}
