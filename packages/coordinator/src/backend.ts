import { type CoordinatorBackend, RedisBackend, type RedisBackendOptions } from '@carillon/core/internal';
import { BullmqDeliveryQueue } from './adapters/bullmq-queue.js';
import { RedlockElection } from './adapters/redlock-election.js';

/** What a coordinator needs of Redis. */
export class RedisCoordinatorBackend extends RedisBackend implements CoordinatorBackend {
  readonly #report: RedisBackendOptions['report'];

  constructor(options: RedisBackendOptions) {
    super(options);
    this.#report = options.report;
  }

  election(alias: string, leaseMs: number) {
    const { leader } = this.keys(alias);
    return new RedlockElection(this.client, leader, leaseMs, this.clock, (error) => this.ofConnection(error));
  }

  deliveryQueue(alias: string) {
    const failure = <E>(error: E) => this.ofConnection(error);
    const onError = (executor: string, error: Error) =>
      this.#report({ kind: 'queue_failed', executor, error: failure(error) });
    return new BullmqDeliveryQueue(this.client, this.keys(alias).queues, onError, failure);
  }
}
