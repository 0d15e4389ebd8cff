import { CarillonError, type ConnectionError } from '../errors.js';
import type { Formats } from '../format.js';
import type { Report } from '../log.js';
import { isConnectionFault } from '../outage-log/connection-fault.js';
import type { Backend } from '../ports/backend.js';
import { systemChance } from '../ports/chance.js';
import { systemClock } from '../ports/clock.js';
import type { EventBus } from '../ports/event-bus.js';
import type { JobStore } from '../ports/job-store.js';
import type { Outage } from '../ports/outage.js';
import type { ServerFacts } from '../ports/server-facts.js';
import { RedisAlertRecords } from './alert-records.js';
import {
  addressOf,
  type ConnectionManner,
  closeConnection,
  connectionError,
  databaseOf,
  openConnection,
  type RedisClient,
} from './connection.js';
import { ConnectionWatch } from './connection-watch.js';
import { RedisContenders } from './contenders.js';
import { leaveDeadEnds } from './dead-ends.js';
import { RedisEventBus, Subscriber } from './event-bus.js';
import { RedisJobRecords } from './job-records.js';
import { channelsOf, checkPrefix, DEFAULT_PREFIX, type Keys, keysOf } from './keys.js';
import { RedisLedger } from './ledger.js';
import type { RedisOptions } from './options.js';
import { reportConnection } from './report-connection.js';
import { ScriptRunner } from './script-runner.js';
import { checkServer } from './server.js';
import { readServerFacts } from './server-facts.js';
import { RedisTermStore } from './term-store.js';

export interface RedisBackendOptions {
  readonly redis: RedisOptions;
  readonly prefix?: string | undefined;
  readonly report: Report;
  readonly fail: ConnectionManner['fail'];
  readonly commandTimeoutMs?: number;
  /** A clock in place of Redis' own, for tests. */
  readonly now?: () => number;
  /** Formats in place of those that this release reads, for tests. */
  readonly formats?: Formats;
}

/** A client that is to fail fast waits no longer than this for an answer. */
const ANSWER_MS = 4_500;

/** All job stores of one Redis, over one connection for commands and one for what is published. */
export class RedisBackend implements Backend {
  readonly clock = systemClock;
  readonly chance = systemChance;
  readonly client: RedisClient;
  readonly #options: RedisBackendOptions;
  readonly #prefix: string;
  readonly #scripts: ScriptRunner;
  readonly #watch: ConnectionWatch;
  #busWatch: ConnectionWatch | undefined;
  #subscriber: Subscriber | undefined;
  #outage: Error | undefined;

  constructor(options: RedisBackendOptions) {
    this.#options = options;
    this.#prefix = checkPrefix(options.prefix ?? DEFAULT_PREFIX);
    const onOutage = (error: Error | undefined) => {
      this.#outage = error;
    };
    this.client = this.open(options.fail, options.commandTimeoutMs, onOutage);
    this.#watch = new ConnectionWatch(this.client);
    const limitMs = options.fail === 'fast' ? (options.commandTimeoutMs ?? ANSWER_MS) : undefined;
    const { redis, now, formats } = options;
    const outage = () => this.#outage;
    this.#scripts = new ScriptRunner({ client: this.client, redis, outage, timeoutMs: limitMs, now, formats });
  }

  /** One more connection to the same Redis. */
  open(
    fail: ConnectionManner['fail'],
    commandTimeoutMs?: number,
    onOutage?: (error: Error | undefined) => void,
  ): RedisClient {
    const { redis, report } = this.#options;
    const client = openConnection(redis, { fail, ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }) });
    const watched = reportConnection(client, addressOf(redis), report);
    leaveDeadEnds(client, (error) => {
      watched.givenUp(error);
      onOutage?.(error);
    });
    client.on('error', (error: Error) => onOutage?.(error));
    return client.on('ready', () => onOutage?.(undefined));
  }

  get outage(): Outage | null {
    return this.#watch.outage;
  }

  get busOutage(): Outage | null {
    return this.#busWatch?.outage ?? null;
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
    const { fail } = this.#options;
    const limitMs = fail === 'fast' ? ANSWER_MS : undefined;
    if (!this.#subscriber) {
      const client = this.open(fail);
      this.#busWatch = new ConnectionWatch(client);
      this.#subscriber = new Subscriber(client, (ask) => this.#scripts.answered(ask, limitMs));
    }
    return new RedisEventBus(this.#subscriber, channelsOf(this.keys(alias), databaseOf(this.client)));
  }

  /** What the server reports of itself, for people who look after it. */
  async serverFacts(): Promise<ServerFacts> {
    return this.#scripts.answered(() => readServerFacts(this.client));
  }

  /** Aliases of the job stores that were made known under this prefix. */
  async knownJobStores(): Promise<string[]> {
    return this.#scripts.answered(async () => (await this.client.smembers(this.keys('default').stores)).sort());
  }

  /** An error of one of its connections as one of ours, which says which Redis it is; any other as it is. */
  protected ofConnection<E>(error: E): E | ConnectionError {
    if (error instanceof CarillonError || !isConnectionFault(error)) return error;
    return connectionError(this.#options.redis, error);
  }

  async close(): Promise<void> {
    closeConnection(this.client);
    if (this.#subscriber) closeConnection(this.#subscriber.client);
  }
}
