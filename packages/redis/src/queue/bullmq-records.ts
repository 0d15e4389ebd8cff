import { createHash } from 'node:crypto';
import type { BullmqRecord } from '@carillon/core/internal';
import type { RedisClient } from '../connection/connection.js';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/**
 * Reads what repeats in a queue of BullMQ's or Bull's; undefined if there is no such queue. Writes nothing. BullMQ's own `getJobSchedulers`
 * removes schedulers that it cannot read, and throws on some that older releases wrote.
 */
export async function readBullmqRecords(
  client: RedisClient,
  prefix: string,
  queue: string,
): Promise<readonly BullmqRecord[] | undefined> {
  const key = (rest: string) => `${prefix}:${queue}:${rest}`;
  const scores = await client.zrange(key('repeat'), 0, -1, 'WITHSCORES');
  if (scores.length === 0) {
    const there = await Promise.all(['meta', 'id', 'delayed', 'wait'].map((rest) => client.exists(key(rest))));
    return there.includes(1) ? [] : undefined;
  }
  const records: BullmqRecord[] = [];
  for (let index = 0; index < scores.length; index += 2) {
    const member = scores[index] ?? '';
    const next = Number(scores[index + 1]);
    const fields = await client.hgetall(key(`repeat:${member}`));
    const ids = pendingIds(member).map((id) => `repeat:${id}:${next}`);
    const jobs = await Promise.all(ids.map((id) => client.hgetall(key(id))));
    const pending = jobs.find((job) => Object.keys(job).length > 0) ?? {};
    records.push({ key: member, next, fields, pending });
  }
  return records;
}

/** Returns what releases put into the id of the pending job: BullMQ 5 and 6, BullMQ 3 and 4, and Bull. */
function pendingIds(member: string): readonly string[] {
  const [name = '', id = ''] = member.split(':');
  const digest = md5(member);
  return [member, md5(`${name}${id}${digest}`), md5(`${name}${id}:${digest}`)];
}
