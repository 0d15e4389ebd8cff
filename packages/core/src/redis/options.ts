import type { ConnectionOptions } from 'node:tls';

/** Where Redis is: a URL (`redis://`, or `rediss://` for TLS), or one of the plain forms. */
export type RedisOptions = string | RedisServer | RedisSentinels | RedisCluster;

interface Access {
  /** ACL user. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: ConnectionOptions | undefined;
}

/** One server. */
export interface RedisServer extends Access {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly db?: number | undefined;
}

/** A server that Sentinels name. */
export interface RedisSentinels extends Access {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The Sentinels' name of the group of servers. */
  readonly name: string;
  readonly sentinelPassword?: string | undefined;
  readonly db?: number | undefined;
}

/** A Redis Cluster: each job store lives on one shard. */
export interface RedisCluster extends Access {
  readonly cluster: readonly { readonly host: string; readonly port: number }[];
}
