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
    return new RedlockElection(this.client, this.keys(alias).leader, leaseMs, this.clock);
  }

  deliveryQueue(alias: string) {
    const onError = (executor: string, error: Error) => this.#report({ kind: 'queue_failed', executor, error });
    return new BullmqDeliveryQueue(this.client, this.keys(alias).queues, onError);
  }
}
