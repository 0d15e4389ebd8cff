import { createRequire } from 'node:module';
import { InvalidOptionsError } from '../errors.js';
import type { Formats } from '../format.js';
import type { Report } from '../log.js';
import { inWords } from '../outage.js';
import type { ClusterBackend } from '../ports/backend.js';
import { checkRedisOptions } from './check-options.js';
import type { RedisOptions } from './options.js';

export interface RedisBackendOptions {
  readonly redis: RedisOptions;
  readonly prefix?: string | undefined;
  readonly report: Report;
  /** When Redis does not answer. `fast`: a command fails once reconnecting has failed. `never`: it waits until Redis is back. */
  readonly fail: 'fast' | 'never';
  /** A command that takes longer fails, ms. */
  readonly commandTimeoutMs?: number;
  /** A clock in place of Redis' own, for tests. */
  readonly now?: () => number;
  /** Formats in place of those that this release reads, for tests. */
  readonly formats?: Formats;
}

type MakeBackend = (options: RedisBackendOptions) => ClusterBackend;

let make: MakeBackend | undefined;

/** The package for Redis calls this as it is loaded. */
export function provideRedis(makeBackend: MakeBackend): void {
  make = makeBackend;
}

/**
 * A backend on a Redis. The first call loads the package for Redis: a process that names no Redis loads none of its libraries.
 * @throws InvalidOptionsError if `redis` says no Redis, or the package is not there
 */
export function redisBackend(
  options: Omit<RedisBackendOptions, 'redis'> & { readonly redis: unknown },
): ClusterBackend {
  const redis = checkRedisOptions(options.redis);
  make ??= loaded();
  return make({ ...options, redis });
}

function loaded(): MakeBackend {
  try {
    const require = createRequire(import.meta.url);
    require('@carillon/redis');
  } catch (cause) {
    throw new InvalidOptionsError(
      `redis: the package @carillon/redis was not loaded (${inWords(cause)}): install it; where require() loads no ES modules, as in Jest, import it first`,
      { cause },
    );
  }
  if (make) return make;
  throw new InvalidOptionsError(
    `redis: the package @carillon/redis uses another copy of @carillon/core: install one version of both`,
  );
}
