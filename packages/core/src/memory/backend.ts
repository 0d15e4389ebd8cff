import { FORMATS, type Formats } from '../format.js';
import type { CoordinatorBackend, WorkerBackend } from '../ports/backend.js';
import type { Chance } from '../ports/chance.js';
import type { Clock } from '../ports/clock.js';
import type { Election } from '../ports/election.js';
import type { EventBus } from '../ports/event-bus.js';
import type { JobStore } from '../ports/job-store.js';
import type { ConsumerOptions, DeliveryConsumer, DeliveryQueue } from '../ports/queue.js';
import { MemoryAlertRecords } from './alert-records.js';
import { MemoryConsumer } from './consumer.js';
import { MemoryContenders } from './contenders.js';
import { MemoryDeliveryQueue } from './delivery-queue.js';
import { MemoryElection } from './election.js';
import { MemoryEventBus } from './event-bus.js';
import { MemoryJobRecords } from './job-records.js';
import { MemoryLedger } from './ledger.js';
import type { Line } from './line.js';
import type { Places } from './places.js';
import { StoreLine } from './store-line.js';
import { MemoryTermStore } from './term-store.js';
import type { Upkeep } from './upkeep.js';

export interface MemoryBackendParts {
  readonly line: Line;
  readonly places: Places;
  readonly upkeep: Upkeep;
  readonly chance: Chance;
  /** Formats that its user reads; default: those of this release. */
  readonly formats?: Formats | undefined;
}

/** The backend of one scheduler, coordinator or worker in a memory cluster. */
export class MemoryBackend implements CoordinatorBackend, WorkerBackend {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Memory has no outages. */
  readonly outage = null;
  readonly busOutage = null;
  readonly #line: Line;
  readonly #places: Places;
  readonly #upkeep: Upkeep;
  readonly #formats: Formats;
  #isMember = false;

  constructor({ line, places, upkeep, chance, formats = FORMATS }: MemoryBackendParts) {
    this.clock = line.clock;
    this.chance = chance;
    this.#line = line;
    this.#places = places;
    this.#upkeep = upkeep;
    this.#formats = formats;
  }

  connect(): Promise<void> {
    return this.#line.ask('connect', () => {});
  }

  jobStore(alias: string): JobStore {
    const { state, queues } = this.#places.get(alias);
    const line = new StoreLine(this.#line, state, this.#formats);
    return {
      alias,
      records: new MemoryJobRecords(line, state, queues, this.#places.known),
      contenders: new MemoryContenders(line, state),
      terms: new MemoryTermStore(line, state, queues),
      ledger: new MemoryLedger(line, state),
      alerts: new MemoryAlertRecords(line, state),
    };
  }

  eventBus(alias: string): EventBus {
    return new MemoryEventBus(this.#line, this.#places.get(alias).state.channels);
  }

  election(alias: string, leaseMs: number): Election {
    this.#join('coordinator', leaseMs);
    return new MemoryElection(this.#line, this.#places.get(alias).state, leaseMs, this.chance);
  }

  deliveryQueue(alias: string): DeliveryQueue {
    return new MemoryDeliveryQueue(this.#line, this.#places.get(alias).queues);
  }

  consumer(alias: string, options: ConsumerOptions): DeliveryConsumer {
    this.#join('worker', options.leaseMs);
    return new MemoryConsumer(this.#line, this.#places.get(alias).queues.get(options.executor), options);
  }

  /** Disconnects this user. The others stay connected. */
  async close(): Promise<void> {
    this.#line.close();
  }

  /**
   * Ends its user as `kill -9` does: its calls have no effect and get no reply, and its timers do not run. The others find what it held once its
   * lease is over. The user cannot be shut down after that: its shutdown would never resolve.
   */
  kill(): void {
    this.#line.kill();
  }

  /** Registers a member. If it ends, the others find what it held once its leases are over. */
  #join(role: 'coordinator' | 'worker', leaseMs: number): void {
    this.#upkeep.leases(role, leaseMs);
    if (this.#isMember) return;
    this.#isMember = true;
    this.#line.onEnd(() => this.#upkeep.disturb());
  }
}
