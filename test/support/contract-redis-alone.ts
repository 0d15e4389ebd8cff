import type { Formats } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { onTestFinished } from 'vitest';
import { START } from './contract.js';
import { ownPrefix, redisUrl } from './redis.js';

/** Opens a store in Redis, with its keys, for tests of Redis alone. Its time stands still. */
export function openAlone() {
  const options = { redis: redisUrl(), prefix: ownPrefix(), report: () => {}, fail: 'fast', now: () => START } as const;
  const backend = new RedisBackend(options);
  const others: RedisBackend[] = [];
  const seenBy = (formats: Formats) => {
    const other = new RedisBackend({ ...options, formats });
    others.push(other);
    return other.jobStore('default');
  };
  onTestFinished(async () => {
    const names = await backend.client.keys(`*${options.prefix}*`);
    if (names.length > 0) await backend.client.del(...names);
    for (const other of others) await other.close();
    await backend.close();
  });
  const unused = async () => {};
  const contract = {
    backend,
    store: backend.jobStore('default'),
    seenBy,
    now: START,
    pass: unused,
    damage: unused,
  };
  return { contract, client: backend.client, keys: backend.keys('default') };
}
