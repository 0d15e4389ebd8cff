import type { BullmqDelayed } from '@carillon/core/internal';
import type { RedisClient } from '../connection/connection.js';

const AT_ONCE = 500;
/** A score is an instant times this, plus the order of the job among those of its instant. */
const ORDER = 0x1000;

/** Reads the delayed jobs of a queue of BullMQ's or Bull's. Writes nothing. A job that is taken meanwhile has no fields, or is left out. */
export async function readBullmqDelayed(
  client: RedisClient,
  prefix: string,
  queue: string,
): Promise<readonly BullmqDelayed[]> {
  const scores = await client.zrange(`${prefix}:${queue}:delayed`, 0, -1, 'WITHSCORES');
  const ids = scores.filter((_, index) => index % 2 === 0);
  const records: BullmqDelayed[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const page = ids.slice(from, from + AT_ONCE);
    const hashes = await Promise.all(page.map((id) => client.hgetall(`${prefix}:${queue}:${id}`)));
    for (const [index, fields] of hashes.entries()) {
      const score = Number(scores[2 * (from + index) + 1]);
      records.push({ id: page[index] ?? '', dueAt: Math.floor(score / ORDER), fields });
    }
  }
  return records;
}
