import {
  type ConsumerOptions,
  closeConnection,
  RedisBackend,
  type RedisBackendOptions,
  type RedisClient,
  type WorkerBackend,
} from '@carillon/core/internal';
import { BullmqConsumer } from './adapters/bullmq-consumer.js';

/** What a worker needs of Redis: its own commands on one connection, BullMQ's on another. */
export class RedisWorkerBackend extends RedisBackend implements WorkerBackend {
  readonly #report: RedisBackendOptions['report'];
  #queueClient: RedisClient | undefined;

  constructor(options: RedisBackendOptions) {
    super(options);
    this.#report = options.report;
  }

  consumer(alias: string, options: ConsumerOptions) {
    this.#queueClient ??= this.open('never');
    const onError = (error: Error) => this.#report({ kind: 'queue_failed', executor: options.executor, error });
    return new BullmqConsumer(this.#queueClient, this.keys(alias).queues, options, onError);
  }

  override async close(): Promise<void> {
    if (this.#queueClient) closeConnection(this.#queueClient);
    await super.close();
  }
}
