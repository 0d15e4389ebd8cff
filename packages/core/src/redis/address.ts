import type { RedisOptions } from './options.js';

/** Names Redis in messages, without its password. */
export function addressOf(redis: RedisOptions): string {
  // A password that is not escaped may hold any character.
  if (typeof redis === 'string') return redis.replace(/^([a-z]*:?\/\/)?.*@/i, '$1').replace(/[?#].*/, '');
  if ('cluster' in redis) return redis.cluster.map(({ host, port }) => `${host}:${port}`).join(',');
  if ('sentinels' in redis)
    return `${redis.name} of ${redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}`;
  return `${redis.host ?? 'localhost'}:${redis.port ?? 6379}`;
}
