import { z } from 'zod';
import { UnexpectedReplyError } from '../errors.js';
import type { EventPage, EventPosition } from '../ports/job-records.js';
import type { RedisClient } from './connection.js';

const entriesSchema = z.array(z.tuple([z.string(), z.array(z.string())]));

/**
 * A page of a store's log. Whether what stood before it was trimmed is asked in the same instant. The message of an entry that is
 * none of ours is what it holds, as a JSON array.
 */
export async function readLog(
  client: RedisClient,
  key: string,
  after: EventPosition,
  limit: number,
): Promise<EventPage> {
  const from = 'id' in after ? `(${after.id}` : String(after.before);
  const answers = await client.multi().xrange(key, from, '+', 'COUNT', limit).xinfo('STREAM', key).exec();
  const [page, info] = answers ?? [];
  if (page?.[0]) throw page[0];
  const entries = entriesSchema.safeParse(page?.[1]);
  if (!entries.success) throw new UnexpectedReplyError(`key ${key}: is not a log of events`);
  const events = entries.data.map(([id, fields]) => ({ id, message: messageOf(fields) }));
  return { events, gap: isTrimmed(info?.[1], after) };
}

function messageOf(fields: readonly string[]): string {
  const [name, message] = fields;
  return fields.length === 2 && name === 'event' && message !== undefined ? message : JSON.stringify(fields);
}

/** Whether entries were trimmed that may have come after this position. `info`: nothing, where there is no stream. */
function isTrimmed(info: unknown, after: EventPosition): boolean {
  if (!Array.isArray(info)) return false;
  const told = (name: string): unknown => info[info.indexOf(name) + 1];
  if (Number(told('entries-added')) <= Number(told('length'))) return false;
  const first = String(told('recorded-first-entry-id'));
  return 'id' in after ? isBefore(after.id, first) : after.before <= millisecondsOf(first);
}

function millisecondsOf(id: string): number {
  return Number(id.split('-')[0]);
}

function isBefore(one: string, other: string): boolean {
  const [ms, otherMs] = [millisecondsOf(one), millisecondsOf(other)];
  return ms === otherMs ? Number(one.split('-')[1] ?? 0) < Number(other.split('-')[1]) : ms < otherMs;
}
