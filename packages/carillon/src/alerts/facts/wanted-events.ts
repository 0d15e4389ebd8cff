import type { CarillonEvent, EventType } from '@carillon/core';
import { type LoggedEvent, parseEvent } from '@carillon/core/internal';

const WANTED: ReadonlySet<string> = new Set<EventType>([
  ...(['job_added', 'job_modified', 'job_removed', 'job_submitted', 'job_max_instances', 'job_missed'] as const),
  ...(['job_started', 'job_executed', 'job_error', 'job_cancelled'] as const),
  'jobstore_emptied',
]);

/** Returns the events that rules use. The others are not parsed: a busy store publishes thousands a second. */
export function wantedEvents(logged: readonly LoggedEvent[]): readonly CarillonEvent[] {
  return logged.flatMap(({ message }) => {
    const [, type = ''] = /^\{"v":1,"seq":\d+,"type":"(\w+)"/.exec(message) ?? [];
    return WANTED.has(type) ? (parseEvent(message) ?? []) : [];
  });
}
