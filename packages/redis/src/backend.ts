import {
  type BullmqDelayed,
  type BullmqRecord,
  type ClusterBackend,
  type ConsumerOptions,
  type DeliveryConsumer,
  type DeliveryQueue,
  type Election,
  type EventBus,
  type JobStore,
  type Outage,
  type RedisBackendOptions,
  type ServerFacts,
  systemChance,
  systemClock,
} from '@carillon/core/internal';
import { databaseOf, type RedisClient } from './connection/connection.js';
import { type Connected, Connections } from './connection/connections.js';
import { checkServer } from './connection/server.js';
import { readServerFacts } from './connection/server-facts.js';
import { RedlockElection } from './election/redlock-election.js';
import { RedisEventBus, Subscriber } from './event-bus.js';
import { BullmqConsumer } from './queue/bullmq-consumer.js';
import { readBullmqDelayed } from './queue/bullmq-delayed.js';
import { BullmqDeliveryQueue } from './queue/bullmq-queue.js';
import { readBullmqRecords } from './queue/bullmq-records.js';
import { DeliveryLost } from './queue/delivery-lost.js';
import { RedisAlertRecords } from './store/alert-records.js';
import { AnswerLimit } from './store/answer-limit.js';
import { RedisContenders } from './store/contenders.js';
import { RedisJobRecords } from './store/job-records.js';
import { channelsOf, checkPrefix, DEFAULT_PREFIX, type Keys, keysOf } from './store/keys.js';
import { RedisLedger } from './store/ledger.js';
import { ScriptRunner } from './store/script-runner.js';
import { RedisTermStore } from './store/term-store.js';

/** A client that is to fail fast waits at most this long for an answer. */
const ANSWER_MS = 4_500;

/** Returns the limit of how long an answer may take; undefined: as long as it takes. */
function limitOf(fail: RedisBackendOptions['fail'], ms = ANSWER_MS): AnswerLimit | undefined {
  return fail === 'fast' ? new AnswerLimit(ms) : undefined;
}

/** What the members of a cluster need of one Redis. A part that a member does not ask for opens no connection. */
export class RedisBackend implements ClusterBackend {
  readonly clock = systemClock;
  readonly chance = systemChance;
  readonly #options: RedisBackendOptions;
  readonly #prefix: string;
  readonly #connections: Connections;
  readonly #scripts: ScriptRunner;
  #bus: { readonly connected: Connected; readonly subscriber: Subscriber } | undefined;
  /** The connection on which consumers finish deliveries. */
  #consuming: Connected | undefined;

  constructor(options: RedisBackendOptions) {
    this.#options = options;
    this.#prefix = checkPrefix(options.prefix ?? DEFAULT_PREFIX);
    this.#connections = new Connections(options);
    const limit = limitOf(options.fail, options.commandTimeoutMs);
    const { redis, now, formats } = options;
    const outage = () => this.#connections.error;
    this.#scripts = new ScriptRunner({ client: this.client, redis, outage, limit, now, formats });
  }

  get client(): RedisClient {
    return this.#connections.commands.client;
  }

  get outage(): Outage | null {
    return this.#connections.outage;
  }

  get busOutage(): Outage | null {
    return this.#bus?.connected.watch.outage ?? null;
  }

  async connect(): Promise<void> {
    await this.#scripts.answered(() => checkServer(this.client));
  }

  keys(alias: string): Keys {
    return keysOf(this.#prefix, alias);
  }

  jobStore(alias: string): JobStore {
    const keys = this.keys(alias);
    return {
      alias,
      records: new RedisJobRecords(this.#scripts, keys, alias, this.#options.report),
      contenders: new RedisContenders(this.#scripts, keys),
      terms: new RedisTermStore(this.#scripts, keys, alias),
      ledger: new RedisLedger(this.#scripts, keys, alias),
      alerts: new RedisAlertRecords(this.#scripts, keys),
    };
  }

  eventBus(alias: string): EventBus {
    this.#bus ??= this.#openBus();
    return new RedisEventBus(this.#bus.subscriber, channelsOf(this.keys(alias), databaseOf(this.client)));
  }

  election(alias: string, leaseMs: number): Election {
    const { leader } = this.keys(alias);
    return new RedlockElection(this.client, leader, leaseMs, this.clock, this.#failure);
  }

  deliveryQueue(alias: string): DeliveryQueue {
    const onError = (executor: string, error: Error) => this.#queueFailed(executor, error);
    return new BullmqDeliveryQueue(this.client, this.keys(alias).queues, onError, this.#failure);
  }

  consumer(alias: string, options: ConsumerOptions): DeliveryConsumer {
    this.#consuming ??= this.#connections.open('never');
    const onError = (error: Error) => this.#queueFailed(options.executor, error);
    return new BullmqConsumer(this.#consuming, this.keys(alias).queues, options, onError, this.#failure);
  }

  async serverFacts(): Promise<ServerFacts> {
    return this.#scripts.answered(() => readServerFacts(this.client));
  }

  async knownJobStores(): Promise<string[]> {
    return this.#scripts.answered(async () => (await this.client.smembers(this.keys('default').stores)).sort());
  }

  async hasJobStore(alias: string): Promise<boolean> {
    return this.#scripts.answered(async () => (await this.client.exists(this.keys(alias).format)) === 1);
  }

  async bullmqRecords(prefix: string, queue: string): Promise<readonly BullmqRecord[] | undefined> {
    return this.#scripts.answered(() => readBullmqRecords(this.client, prefix, queue));
  }

  async bullmqDelayed(prefix: string, queue: string): Promise<readonly BullmqDelayed[]> {
    return this.#scripts.answered(() => readBullmqDelayed(this.client, prefix, queue));
  }

  async close(): Promise<void> {
    this.#connections.close();
  }

  readonly #failure = <E>(error: E) => this.#connections.failure(error);

  #queueFailed(executor: string, error: Error): void {
    const { report } = this.#options;
    if (error instanceof DeliveryLost) report({ kind: 'delivery_lost', executor, deliveryId: error.deliveryId });
    else report({ kind: 'queue_failed', executor, error: this.#failure(error) });
  }

  #openBus() {
    const { fail } = this.#options;
    const limit = limitOf(fail);
    const connected = this.#connections.open(fail);
    return {
      connected,
      subscriber: new Subscriber(connected.client, (ask) => this.#scripts.answered(ask, limit)),
    };
  }
}
