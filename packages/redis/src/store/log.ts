import { UnexpectedReplyError } from '@carillon/core';
import type { EventPage, EventPosition } from '@carillon/core/internal';
import { z } from 'zod';
import type { RedisClient } from '../connection/connection.js';
import { eventsOf, type LoggedEvent, placeOf } from './log-entry.js';

const entriesSchema = z.array(z.tuple([z.string(), z.array(z.string())]));

/** How many entries are read before it is known how many events they have: an entry may have 200. */
const FIRST_ENTRIES = 16;
const MOST_ENTRIES = 100;

/** Reads a page of a store's log. */
export async function readLog(
  client: RedisClient,
  key: string,
  after: EventPosition,
  limit: number,
): Promise<EventPage> {
  const first = Math.min(limit, FIRST_ENTRIES);
  const { gap, ...page } = await readEntries(client, key, after, first);
  let { events, last } = page;
  for (let count = first; last && events.length < limit; ) {
    const wanted = Math.ceil(((limit - events.length) * count) / Math.max(count, events.length));
    const next = await readEntries(client, key, { id: last }, wanted);
    // A reader that goes on from here finds the gap.
    if (next.gap) break;
    events = events.concat(next.events);
    last = next.last;
    count += wanted;
  }
  return { events: events.slice(0, limit), gap };
}

/**
 * Reads events of a log, newest first, older than the event of this id. If none is returned, there are no others. An entry may have many
 * events: those that are too many are read again.
 */
export async function readNewest(
  client: RedisClient,
  key: string,
  before: string | null,
  limit: number,
): Promise<readonly LoggedEvent[]> {
  const place = before === null ? null : placeOf(before);
  // The entry of that event comes first, and may have no older events: so one more entry is read.
  const found = await client.xrevrange(key, place?.entryId ?? '+', '-', 'COUNT', Math.min(limit, MOST_ENTRIES) + 1);
  const entries = entriesSchema.safeParse(found);
  if (!entries.success) throw new UnexpectedReplyError(`key ${key}: is not a log of events`);
  const events = entries.data.flatMap(([id, fields]) => {
    const ofEntry = eventsOf(id, fields);
    const older = id === place?.entryId ? ofEntry.slice(0, (place.before ?? ofEntry.length) - 1) : ofEntry;
    return [...older].reverse();
  });
  return events.slice(0, limit);
}

interface Entries extends EventPage {
  readonly events: readonly LoggedEvent[];
  /** The id of the last entry, if others may follow. */
  readonly last: string | undefined;
}

/** Reads a number of entries of a log, and in the same call whether earlier ones were trimmed. */
async function readEntries(client: RedisClient, key: string, after: EventPosition, count: number): Promise<Entries> {
  const place = 'id' in after ? placeOf(after.id) : { entryId: String(after.before), before: 0 };
  const from = place.before === undefined ? `(${place.entryId}` : place.entryId;
  const answers = await client.multi().xrange(key, from, '+', 'COUNT', count).xinfo('STREAM', key).exec();
  const [page, info] = answers ?? [];
  if (page?.[0]) throw page[0];
  const entries = entriesSchema.safeParse(page?.[1]);
  if (!entries.success) throw new UnexpectedReplyError(`key ${key}: is not a log of events`);
  const events = entries.data.flatMap(([id, fields]) => {
    const ofEntry = eventsOf(id, fields);
    return id === place.entryId ? ofEntry.slice(place.before) : ofEntry;
  });
  const last = entries.data.length < count ? undefined : entries.data.at(-1)?.[0];
  return { events, gap: isTrimmed(info?.[1], after), last };
}

/** Whether entries were trimmed that may have come after this position. `info`: not an array if there is no stream. */
function isTrimmed(info: unknown, after: EventPosition): boolean {
  if (!Array.isArray(info)) return false;
  const member = (name: string): unknown => info[info.indexOf(name) + 1];
  if (Number(member('entries-added')) <= Number(member('length'))) return false;
  const first = String(member('recorded-first-entry-id'));
  return 'id' in after ? isBefore(placeOf(after.id).entryId, first) : after.before <= millisecondsOf(first);
}

function millisecondsOf(id: string): number {
  return Number(id.split('-')[0]);
}

function isBefore(one: string, other: string): boolean {
  const [ms, otherMs] = [millisecondsOf(one), millisecondsOf(other)];
  return ms === otherMs ? Number(one.split('-')[1] ?? 0) < Number(other.split('-')[1]) : ms < otherMs;
}
