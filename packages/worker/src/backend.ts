import {
  ConnectionWatch,
  type ConsumerOptions,
  closeConnection,
  RedisBackend,
  type RedisBackendOptions,
  type WorkerBackend,
} from '@carillon/core/internal';
import { BullmqConsumer, type SharedConnection } from './adapters/bullmq-consumer.js';
import { DeliveryLost } from './adapters/delivery-lost.js';

/** What a worker needs of Redis: its own commands on one connection, BullMQ's on another. */
export class RedisWorkerBackend extends RedisBackend implements WorkerBackend {
  readonly #report: RedisBackendOptions['report'];
  #queues: SharedConnection | undefined;

  constructor(options: RedisBackendOptions) {
    super(options);
    this.#report = options.report;
  }

  consumer(alias: string, options: ConsumerOptions) {
    this.#queues ??= this.#openQueues();
    const { executor } = options;
    const failure = <E>(error: E) => this.ofConnection(error);
    const onError = (error: Error) => {
      if (error instanceof DeliveryLost) {
        this.#report({ kind: 'delivery_lost', executor, deliveryId: error.deliveryId });
      } else {
        this.#report({ kind: 'queue_failed', executor, error: failure(error) });
      }
    };
    return new BullmqConsumer(this.#queues, this.keys(alias).queues, options, onError, failure);
  }

  override async close(): Promise<void> {
    if (this.#queues) closeConnection(this.#queues.client);
    await super.close();
  }

  #openQueues(): SharedConnection {
    const client = this.open('never');
    return { client, watch: new ConnectionWatch(client) };
  }
}
