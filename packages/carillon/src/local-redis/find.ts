import { unanswered } from './errors.js';
import { ping } from './ping.js';
import type { RedisServer, StartRedisOptions } from './server.js';
import { startRedis } from './start.js';

export type FindRedisOptions = StartRedisOptions;

/** A Redis to use: one that REDIS_URL names, or one that was started here. */
export interface FoundRedis {
  readonly url: string;
  /** `url` if REDIS_URL names it; else how the server was started. */
  readonly source: 'url' | RedisServer['source'];
  /** Restarts the server on the same port, with the data of its append-only file. Only for a server that was started here. */
  readonly restart?: () => Promise<void>;
  /** Stops a server that was started here, and removes its data; it does nothing to a Redis that REDIS_URL names. */
  stop(): Promise<void>;
}

/**
 * Returns the Redis that `REDIS_URL` names, after a check that it replies. Without `REDIS_URL`, it starts a server, in the first way
 * that works on this machine.
 */
export async function findRedis(options: FindRedisOptions = {}): Promise<FoundRedis> {
  const url = (options.env ?? process.env).REDIS_URL;
  if (url) return given(url);
  const server = await startRedis(options);
  return {
    url: server.url,
    source: server.source,
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}

async function given(url: string): Promise<FoundRedis> {
  try {
    await ping(url);
  } catch (error) {
    throw unanswered(url, error);
  }
  return { url, source: 'url', stop: async () => {} };
}
