import { type RedisServer, startRedis } from 'carillon/local-redis';

/**
 * A Redis for simulations. Its hashes keep the order in which fields came to them, as they do where they are small: of large
 * ones the order is of the server's own chance, and a seed would not replay.
 */
export function startSimulationRedis(): Promise<RedisServer> {
  const limits = ['--hash-max-listpack-entries', '1000000', '--hash-max-listpack-value', '1000000'];
  return startRedis({ args: limits });
}
