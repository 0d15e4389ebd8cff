import type { EventDraft } from '../ports/event-draft.js';
import type { EventOf, EventType } from './events.js';

/** What an event reports, without what the store adds as it publishes; dates become milliseconds. */
type Members<Type extends EventType> = Omit<EventOf<Type>, 'v' | 'seq' | 'at' | 'type' | 'jobStore' | 'eventId'>;

/** The value as it travels: dates as milliseconds since 1970. */
type Wire<T> = T extends Date ? number : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

/** An event to publish. */
export function draft<Type extends EventType>(jobStore: string, type: Type, given: Wire<Members<Type>>): EventDraft {
  return { type, about: { jobStore, ...(given as object) } };
}

/** An event of a job whose next run time is kept: the store adds which that is. */
export function draftOfKept<Type extends EventType>(
  jobStore: string,
  type: Type,
  given: Omit<Wire<Members<Type>>, 'nextRunTime'>,
): EventDraft {
  return { type, about: { jobStore, ...given } };
}

/** The same behind others. */
export function moreMembers(object: object): string {
  const text = members(object);
  return text && `,${text}`;
}

/** Members of a JSON object, without its braces. */
export function members(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}
