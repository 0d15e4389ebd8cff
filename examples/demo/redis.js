import { randomBytes } from 'node:crypto';
import { findRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';

/**
 * The Redis of the demo and a key prefix of its own there.
 * @param {(line: string) => void} log
 */
export async function prepareRedis(log) {
  const found = await findRedis({ appendOnly: true, log });
  const prefix = `carillon-demo-${randomBytes(4).toString('hex')}`;
  return {
    ...found,
    prefix,
    /** What its clock is ahead of ours, ms: fire times are those of Redis' clock. */
    clockOffset: () => withClient(found.url, clockOffset),
    /** Removes the demo's keys, where the demo did not start the Redis; else the whole Redis, with its folder. */
    async clear() {
      if (found.source === 'url') await withClient(found.url, (client) => removeKeys(client, prefix));
      await found.stop();
    },
  };
}

async function withClient(url, use) {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 2 });
  client.on('error', () => {});
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function clockOffset(client) {
  await client.ping();
  const asked = Date.now();
  const [seconds, microseconds] = await client.time();
  const between = (asked + Date.now()) / 2;
  return Math.round(Number(seconds) * 1_000 + Number(microseconds) / 1_000 - between);
}

async function removeKeys(client, prefix) {
  await client.unlink(`${prefix}:stores`);
  let removed = 0;
  do {
    removed = 0;
    for await (const keys of client.scanStream({ match: `{${prefix}:*`, count: 1_000 })) {
      if (keys.length > 0) removed += await client.unlink(keys);
    }
    // What a process that was killed had sent may have come in after the first look.
  } while (removed > 0);
}
