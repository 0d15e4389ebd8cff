import { type RedisServer, startRedis } from 'carillon/local-redis';

/**
 * Starts a Redis for simulations. Its hashes keep the order in which fields were added, as small hashes do. In large hashes the
 * server picks the order at random, and a seed would not replay.
 */
export function startSimulationRedis(): Promise<RedisServer> {
  const limits = ['--hash-max-listpack-entries', '1000000', '--hash-max-listpack-value', '1000000'];
  return startRedis({ args: limits });
}
