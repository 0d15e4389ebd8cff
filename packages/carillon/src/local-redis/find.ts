import { unanswered } from './errors.js';
import { ping } from './ping.js';
import type { RedisServer, StartRedisOptions } from './server.js';
import { startRedis } from './start.js';

export type FindRedisOptions = StartRedisOptions;

/** A Redis to use, of any owner. */
export interface FoundRedis {
  readonly url: string;
  /** `url`: REDIS_URL named it, and it is left as it is. Else how a server of one's own was started. */
  readonly source: 'url' | RedisServer['source'];
  /** Ends and starts it, on the same port, over the data that an append-only file kept. Only for one of one's own. */
  readonly restart?: () => Promise<void>;
  /** Ends a server of one's own and removes its data; does nothing to one that REDIS_URL names. */
  stop(): Promise<void>;
}

/** The Redis that `REDIS_URL` names, which must answer; else one of our own, by the first way that this machine offers. */
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
