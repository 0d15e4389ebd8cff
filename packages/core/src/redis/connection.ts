import { Cluster, Redis, type RedisOptions as ServerOptions } from 'ioredis';
import { ConnectionError, InvalidOptionsError } from '../errors.js';
import { inWords } from '../outage.js';
import type { RedisCluster, RedisOptions, RedisSentinels, RedisServer } from './options.js';

export type RedisClient = Redis | Cluster;

/** How a connection behaves when Redis does not answer. */
export interface ConnectionManner {
  /** `fast`: a command fails once reconnecting has failed. `never`: it waits until Redis is back. */
  readonly fail: 'fast' | 'never';
  /** A command that takes longer fails, ms. */
  readonly commandTimeoutMs?: number;
}

const MAX_RECONNECT_DELAY_MS = 1_000;
const reconnectDelay = (attempt: number) => Math.min(50 * attempt, MAX_RECONNECT_DELAY_MS);

/** A failover can leave connections to the old master open: only a new one finds the next master. The command fails all the same. */
const leadsToReplica = ({ message }: Error) => message.startsWith('READONLY');

/** A client that is not connected yet. Its opener listens to its errors. */
export function openConnection(redis: RedisOptions, manner: ConnectionManner): RedisClient {
  const common: ServerOptions = {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: manner.fail === 'fast' ? 1 : null,
    retryStrategy: reconnectDelay,
    // Each subscriber subscribes again.
    autoResubscribe: false,
    reconnectOnError: leadsToReplica,
    ...(manner.commandTimeoutMs === undefined ? {} : { commandTimeout: manner.commandTimeoutMs }),
  };
  const client = build(redis, common);
  letQueuesMoveWhenFull(client);
  return client;
}

function build(redis: RedisOptions, common: ServerOptions): RedisClient {
  if (typeof redis === 'string') {
    if (!/^rediss?:\/\//.test(redis)) {
      throw new InvalidOptionsError(
        `redis: ${JSON.stringify(addressOf(redis))} is not a Redis URL such as redis://localhost:6379`,
      );
    }
    return new Redis(redis, common);
  }
  if ('cluster' in redis) {
    const { cluster, ...access } = redis satisfies RedisCluster;
    const { retryStrategy: _, lazyConnect: __, ...redisOptions } = common;
    return new Cluster([...cluster], {
      lazyConnect: true,
      clusterRetryStrategy: reconnectDelay,
      redisOptions: { ...redisOptions, ...defined(access) },
    });
  }
  if ('sentinels' in redis) {
    const { sentinels, ...rest } = redis satisfies RedisSentinels;
    return new Redis({ ...common, ...defined(rest), sentinels: [...sentinels] });
  }
  return new Redis({ ...common, ...defined(redis satisfies RedisServer) });
}

/**
 * BullMQ defines its scripts on our clients. Redis is to run them even when it has reached its `maxmemory`: else no worker could
 * take a delivery, and what filled the memory would fill it for good. How much is added to queues then is for the leader to say.
 */
function letQueuesMoveWhenFull(client: RedisClient): void {
  const define = client.defineCommand.bind(client);
  client.defineCommand = (name, definition) => {
    const { lua } = definition;
    const isPlain = !lua.startsWith('#!');
    define(name, isPlain ? { ...definition, lua: `#!lua flags=allow-oom\n${lua}` } : definition);
  };
}

/** The number of the database that a client uses. A Redis Cluster has but one. */
export function databaseOf(client: RedisClient): number {
  return client instanceof Cluster ? 0 : (client.options.db ?? 0);
}

/** Leaves out what is undefined: ioredis would take it for a setting. */
function defined(options: object): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Names Redis in messages, without its password. */
export function addressOf(redis: RedisOptions): string {
  // A password that nobody escaped may hold any character.
  if (typeof redis === 'string') return redis.replace(/^([a-z]*:?\/\/)?.*@/i, '$1').replace(/[?#].*/, '');
  if ('cluster' in redis) return redis.cluster.map(({ host, port }) => `${host}:${port}`).join(',');
  if ('sentinels' in redis)
    return `${redis.name} of ${redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}`;
  return `${redis.host ?? 'localhost'}:${redis.port ?? 6379}`;
}

/** The error to give to users for one that a command or a connection ended with. */
export function connectionError(redis: RedisOptions, cause: unknown): ConnectionError {
  const why = inWords(cause);
  return new ConnectionError(
    `Redis at ${addressOf(redis)} did not answer (${why}): check that it runs, and the redis option`,
    { cause, redis: addressOf(redis) },
  );
}

/** The error for a server that does not let us in. */
export function loginError(redis: RedisOptions, why: string): ConnectionError {
  return new ConnectionError(
    `Redis at ${addressOf(redis)} refused the login (${why}): check the user and the password in the redis option`,
    { redis: addressOf(redis) },
  );
}

/** Closes without waiting for a server that may be gone. */
export function closeConnection(client: RedisClient): void {
  client.disconnect();
}
