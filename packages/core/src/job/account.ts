import type { By } from '../by.js';
import type { JsonObject, JsonValue } from '../json.js';

/** How a job changes, as its account records it. */
export type ChangeKind =
  | 'modified'
  | 'rescheduled'
  | 'replaced'
  | 'paused'
  | 'resumed'
  | 'removed'
  | 'finished'
  | 'quarantined';

/** When a revision of a job was made, and from which fire time it goes on. */
export interface Since extends By {
  /** The store's time, as it was read, ms. */
  readonly at: number;
  /** The fire time that was pending then, ms; null if it was paused; left out: the first that its trigger names after `at`. */
  readonly first?: number | null | undefined;
}

/** JSON of what the account is to say of a change. `was`: the members of the record as they were before. */
export function changeText(what: ChangeKind, by: By = {}, was?: JsonObject | null): string {
  return JSON.stringify({ what, ...by, was });
}

/** The same of the end of a job. `at`: as of when that was decided, ms: what the trigger named between then and the writing does not exist. */
export function endText(what: ChangeKind, by: By | undefined, at: number): string {
  return JSON.stringify({ what, ...by, at });
}

/** The members of a record that another one has not, or has otherwise; null if it has none, and the other one does. */
export function membersBefore(json: string, after: string): JsonObject {
  const [old, now] = [JSON.parse(json) as JsonObject, JSON.parse(after) as JsonObject];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const differ = names.filter((name) => JSON.stringify(own(old, name)) !== JSON.stringify(own(now, name)));
  return Object.fromEntries(differ.map((name) => [name, own(old, name) ?? null]));
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
