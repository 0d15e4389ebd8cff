import type { ConnectionOptions } from 'node:tls';

/** The address of Redis: a URL (`redis://`, or `rediss://` for TLS), or an object of one of these forms. */
export type RedisOptions = string | RedisServer | RedisSentinels | RedisCluster;

interface Access {
  /** The ACL user. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: ConnectionOptions | undefined;
}

/** A single server. */
export interface RedisServer extends Access {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly db?: number | undefined;
}

/** A group of servers whose master Sentinels name. */
export interface RedisSentinels extends Access {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The name of the group of servers at the Sentinels. */
  readonly name: string;
  readonly sentinelPassword?: string | undefined;
  readonly db?: number | undefined;
}

/** A Redis Cluster: each job store is on one shard. */
export interface RedisCluster extends Access {
  readonly cluster: readonly { readonly host: string; readonly port: number }[];
}
