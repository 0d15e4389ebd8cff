import { InvalidOptionsError } from '../errors.js';
import type { CarillonEvent, EventType } from '../event/events.js';
import { checkEventTypes, parseEvent } from '../event/schema.js';
import type { JobRecords } from '../ports/job-records.js';
import { shown } from '../shown.js';
import { checkCursor, checkLimit } from './list-options.js';
import { checkChoice, type StoreChoice } from './store-choice.js';

/** A filter of events; members that are left out exclude none. */
export interface EventsFilter extends StoreChoice {
  readonly types?: readonly EventType[] | undefined;
  /** Only events of this job; of this run (`runId`); of runs of this task (`task`). */
  readonly jobId?: string | undefined;
  readonly runId?: string | undefined;
  readonly task?: string | undefined;
  /** The most events in the page, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

export interface EventList {
  /** Newest first, each with its `eventId`. */
  readonly events: readonly CarillonEvent[];
  /**
   * The cursor of the next page; null if this is the last. A page may have fewer events than `limit`, or none, although more pages
   * follow.
   */
  readonly cursor: string | null;
}

/** How many events are read at once, and how often one call reads at most. */
const EVENTS_AT_ONCE = 1_000;
const MOST_PARTS = 25;

/** A page of the log of a job store, newest first. */
export async function pageOfEvents(
  records: Pick<JobRecords, 'newest'>,
  { limit: most, cursor, isMeant }: CheckedEventsFilter,
): Promise<EventList> {
  const events: CarillonEvent[] = [];
  let before = cursor;
  for (let part = 0; part < MOST_PARTS; part++) {
    const limit = isMeant ? EVENTS_AT_ONCE : Math.min(EVENTS_AT_ONCE, most - events.length);
    const logged = await records.newest({ before, limit });
    for (const { id, message } of logged) {
      before = id;
      const event = parseEvent(message);
      if (!event || (isMeant && !isMeant(event))) continue;
      events.push({ ...event, eventId: id });
      if (events.length === most) return { events, cursor: before };
    }
    if (logged.length === 0) return { events, cursor: null };
  }
  return { events, cursor: before };
}

export interface CheckedEventsFilter {
  readonly limit: number;
  readonly cursor: string | null;
  /** null if all are. */
  readonly isMeant: ((event: CarillonEvent) => boolean) | null;
}

/** @throws InvalidOptionsError, InvalidJobError */
export function checkEventsFilter(filter: EventsFilter): CheckedEventsFilter {
  const { types, limit = 100, cursor = null, ...others } = checkChoice(filter, 'getEvents', FIELDS);
  const wanted = types && new Set(checkEventTypes(types));
  const members = MEMBERS.flatMap((name) => {
    const value: unknown = others[name];
    if (value === undefined) return [];
    if (typeof value !== 'string') throw new InvalidOptionsError(`getEvents: ${name} ${shown(value)} is not a string`);
    return [[name, value] as const];
  });
  const fits = (event: CarillonEvent) =>
    (wanted?.has(event.type) ?? true) && members.every(([name, value]) => Reflect.get(event, name) === value);
  checkCursor(cursor);
  if (cursor !== null && !/^\d{1,15}-\d{1,15}(?:\.\d{1,3})?$/.test(cursor)) {
    throw new InvalidOptionsError(`getEvents: cursor ${shown(cursor)} is not one that getEvents gave`);
  }
  return { limit: checkLimit(limit), cursor, isMeant: wanted || members.length > 0 ? fits : null };
}

const MEMBERS = ['jobId', 'runId', 'task'] as const;
const FIELDS = ['types', ...MEMBERS, 'limit', 'cursor'] as const;
