import { startContainer } from './docker.js';
import { noWay } from './errors.js';
import { type Host, thisHost } from './host.js';
import { startInstalled } from './package.js';
import { startOnPath } from './process.js';
import type { RedisServer, StartRedisOptions, Way } from './server.js';

/** In this order: an installed program, a container, and only then an installation, which changes the machine. */
const ways: readonly Way[] = [startOnPath, startContainer, startInstalled];

/** Starts a Redis server, whether or not REDIS_URL is set. */
export function startRedis(options: StartRedisOptions = {}): Promise<RedisServer> {
  return firstOpen(ways, thisHost(options), options);
}

export async function firstOpen(ways: readonly Way[], host: Host, options: StartRedisOptions): Promise<RedisServer> {
  const reasons = host.env.REDIS_URL ? [] : ['REDIS_URL is not set'];
  for (const way of ways) {
    const outcome = await way(host, options);
    if (typeof outcome !== 'string') return outcome;
    reasons.push(outcome);
  }
  throw noWay(reasons);
}
