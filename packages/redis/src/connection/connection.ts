import {
  ConnectionError,
  type RedisCluster,
  type RedisOptions,
  type RedisSentinels,
  type RedisServer,
} from '@carillon/core';
import { addressOf, inWords, type RedisBackendOptions } from '@carillon/core/internal';
import { Cluster, Redis, type RedisOptions as ServerOptions } from 'ioredis';

export type RedisClient = Redis | Cluster;

/** How a connection behaves when Redis does not answer. */
export type ConnectionManner = Pick<RedisBackendOptions, 'fail' | 'commandTimeoutMs'>;

const MAX_RECONNECT_DELAY_MS = 1_000;
const reconnectDelay = (attempt: number) => Math.min(50 * attempt, MAX_RECONNECT_DELAY_MS);

/** A failover can leave connections to the old master open: only a new connection finds the next master. The command fails anyway. */
const leadsToReplica = ({ message }: Error) => message.startsWith('READONLY');

/** Returns a client that is not connected yet. The caller must listen to its errors. */
export function openConnection(redis: RedisOptions, manner: ConnectionManner): RedisClient {
  const common: ServerOptions = {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: manner.fail === 'fast' ? 1 : null,
    retryStrategy: reconnectDelay,
    // `Subscriber` subscribes again by itself.
    autoResubscribe: false,
    reconnectOnError: leadsToReplica,
    ...(manner.commandTimeoutMs === undefined ? {} : { commandTimeout: manner.commandTimeoutMs }),
  };
  const client = build(redis, common);
  letQueuesMoveWhenFull(client);
  return client;
}

function build(redis: RedisOptions, common: ServerOptions): RedisClient {
  if (typeof redis === 'string') return new Redis(redis, common);
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
 * Lets Redis run BullMQ's scripts, which BullMQ defines on our clients, even when it has reached its `maxmemory`. Otherwise no worker could
 * take a delivery, and the memory would stay full for good. The leader decides how much is added to queues then.
 */
function letQueuesMoveWhenFull(client: RedisClient): void {
  const define = client.defineCommand.bind(client);
  client.defineCommand = (name, definition) => {
    const { lua } = definition;
    const isPlain = !lua.startsWith('#!');
    define(name, isPlain ? { ...definition, lua: `#!lua flags=allow-oom\n${lua}` } : definition);
  };
}

/** Returns the number of the database that a client uses. A Redis Cluster has only one. */
export function databaseOf(client: RedisClient): number {
  return client instanceof Cluster ? 0 : (client.options.db ?? 0);
}

/** Leaves out undefined values: ioredis would take them for settings. */
function defined(options: object): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Returns the error to give to users if a command or a connection ended with `cause`. */
export function connectionError(redis: RedisOptions, cause: unknown): ConnectionError {
  const why = inWords(cause);
  return new ConnectionError(
    `Redis at ${addressOf(redis)} did not answer (${why}): check that it runs, and the redis option`,
    { cause, redis: addressOf(redis) },
  );
}

/** Returns the error for a server that refuses the login. */
export function loginError(redis: RedisOptions, why: string): ConnectionError {
  return new ConnectionError(
    `Redis at ${addressOf(redis)} refused the login (${why}): check the user and the password in the redis option`,
    { redis: addressOf(redis) },
  );
}

/** Closes a client without waiting for a server that may be gone. */
export function closeConnection(client: RedisClient): void {
  client.disconnect();
}
