import { readFile } from 'node:fs/promises';
import type { RedisClient } from '../../../packages/redis/src/connection/connection.js';

interface Recorded {
  readonly hashes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/** Puts the queues that record-bullmq.js recorded under another prefix, and returns their names. */
export async function loadRecordings(client: RedisClient, prefix: string): Promise<readonly string[]> {
  const text = await readFile(new URL('bullmq.json', import.meta.url), 'utf8');
  const recorded = JSON.parse(text) as Record<string, Recorded>;
  const own = (key: string) => key.replace(/^bull/, prefix);
  for (const { hashes, sets } of Object.values(recorded)) {
    for (const [key, fields] of Object.entries(hashes)) await client.hset(own(key), fields);
    for (const [key, members] of Object.entries(sets)) {
      for (let i = 0; i < members.length; i += 2) await client.zadd(own(key), Number(members[i + 1]), members[i] ?? '');
    }
  }
  return Object.keys(recorded);
}
