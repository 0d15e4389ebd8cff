import type { CompiledTrigger } from '../trigger/index.js';
import type { Chance } from './chance.js';
import type { Clock } from './clock.js';
import type { Election } from './election.js';
import type { EventBus } from './event-bus.js';
import type { BullmqDelayed, BullmqRecord } from './foreign-queue.js';
import type { StoredJob } from './job-records.js';
import type { JobStore } from './job-store.js';
import type { Outage } from './outage.js';
import type { ConsumerOptions, DeliveryConsumer, DeliveryQueue } from './queue.js';
import type { ServerFacts } from './server-facts.js';

/** Everything outside: Redis and the system's clock, or all of it in memory. */
export interface Backend {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Connects. Rejects if that fails. Without it, the first call connects. */
  connect(): Promise<void>;
  /** The connection for commands is lost; null if it is there, or was not made yet. */
  readonly outage: Outage | null;
  /** The same of the connection over which the event buses hear. */
  readonly busOutage: Outage | null;
  jobStore(alias: string): JobStore;
  eventBus(alias: string): EventBus;
  /** What the server says of itself; left out: there is no server. */
  serverFacts?(): Promise<ServerFacts>;
  /** Aliases of the job stores that were made known; left out: all are. */
  knownJobStores?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How runs are packed into deliveries. */
export interface PackRules {
  /** How much work one delivery is, ms, by the recent mean duration of its executor's runs. */
  readonly workMs: number;
  /** The duration to assume if none is known, ms. */
  readonly unknownMs: number;
  /** Runs of one delivery, at most. */
  readonly most: number;
  /** The least number of deliveries for each living worker of the executor. */
  readonly perWorker: number;
  /** Runs that are no more work than this, ms by the same mean, and no more than `few`, are not worth sharing. */
  readonly quickMs: number;
  readonly few: number;
}

/** What a coordinator needs in addition. */
export interface CoordinatorBackend extends Backend {
  election(alias: string, leaseMs: number): Election;
  deliveryQueue(alias: string): DeliveryQueue;
  /** The trigger that a leader asks for a job's fire times; default: the job's own. Tests bring triggers that fail. */
  readonly triggerOf?: ((job: StoredJob, compiled: CompiledTrigger) => CompiledTrigger) | undefined;
  /** How a leader packs runs; default: as it does by itself. Tests pack more than that. */
  readonly packRules?: PackRules | undefined;
}

/** What a worker needs in addition. */
export interface WorkerBackend extends Backend {
  consumer(alias: string, options: ConsumerOptions): DeliveryConsumer;
}

/** What all members of a cluster need, on one server. */
export interface ClusterBackend extends CoordinatorBackend, WorkerBackend {
  serverFacts(): Promise<ServerFacts>;
  knownJobStores(): Promise<readonly string[]>;
  /** Whether anything was ever written to a job store. */
  hasJobStore(alias: string): Promise<boolean>;
  /** What repeats in a queue of BullMQ's or Bull's that an application has there; undefined if there is no such queue. */
  bullmqRecords(prefix: string, queue: string): Promise<readonly BullmqRecord[] | undefined>;
  /** The delayed jobs of such a queue, those that are due first first. */
  bullmqDelayed(prefix: string, queue: string): Promise<readonly BullmqDelayed[]>;
}
