import { onTestFinished } from 'vitest';
import { RedisCoordinatorBackend } from '../../packages/coordinator/src/backend.js';
import { START } from './contract.js';
import { ownPrefix, redisUrl } from './redis.js';

/** A store in Redis, with its keys: for what only a Redis can hold. Its time stands still. */
export function openAlone() {
  const options = { redis: redisUrl(), prefix: ownPrefix(), report: () => {}, fail: 'fast', now: () => START } as const;
  const backend = new RedisCoordinatorBackend(options);
  onTestFinished(async () => {
    const names = await backend.client.keys(`*${options.prefix}*`);
    await backend.client.del(...names);
    await backend.close();
  });
  const unused = async () => {};
  const contract = {
    backend,
    store: backend.jobStore('default'),
    now: START,
    pass: unused,
    damage: unused,
    close: unused,
  };
  return { contract, client: backend.client, keys: backend.keys('default') };
}
