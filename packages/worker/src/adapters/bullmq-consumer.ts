import type { ConsumerOptions, DeliveryConsumer, RedisClient } from '@carillon/core/internal';
import { type ConnectionOptions, Worker } from 'bullmq';
import { z } from 'zod';

const dataSchema = z.object({ runIds: z.array(z.string()) });

/** Whether a run may be tried again is for the ledger to say: BullMQ's own limit on stalls is set out of the way. */
const NO_STALL_LIMIT = 1_000_000_000;

/** Takes deliveries from one executor's queue in BullMQ. */
export class BullmqConsumer implements DeliveryConsumer {
  readonly #worker: Worker;
  readonly #onError: (error: Error) => void;

  constructor(client: RedisClient, prefix: string, options: ConsumerOptions, onError: (error: Error) => void) {
    const { executor, concurrency, leaseMs, handle } = options;
    this.#onError = onError;
    this.#worker = new Worker(
      executor,
      async (job) => {
        const data = dataSchema.safeParse(job.data);
        if (data.success && job.id) await handle({ id: job.id, executor, runIds: data.data.runIds });
        else onError(new Error(`job ${job.id} of queue ${executor} is no delivery; it is dropped`));
      },
      {
        connection: client as ConnectionOptions,
        prefix,
        concurrency,
        autorun: false,
        lockDuration: leaseMs,
        stalledInterval: Math.ceil(leaseMs / 2),
        maxStalledCount: NO_STALL_LIMIT,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    );
    this.#worker.on('error', onError);
  }

  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(this.#onError);
  }

  async pause(): Promise<void> {
    await this.#worker.pause(true);
  }

  async close(): Promise<void> {
    await this.#worker.close();
  }
}
