/** An event of a job store's log. */
export interface LoggedEvent {
  /** Its place: the id of its entry. If others of this entry follow, also a dot and its number in the entry, from 1 on. */
  readonly id: string;
  readonly message: string;
}

/**
 * Returns the events of one entry, as `lua/lib/publish.lua` writes it, oldest first. An entry that another program wrote is one event, whose
 * message is the entry's fields, as a JSON array.
 */
export function eventsOf(entryId: string, fields: readonly string[]): readonly LoggedEvent[] {
  const messages = messagesOf(fields) ?? [JSON.stringify(fields)];
  return messages.map((message, index) => ({ id: idOf(entryId, index + 1, messages.length), message }));
}

function idOf(entryId: string, place: number, count: number): string {
  return place === count ? entryId : `${entryId}.${place}`;
}

function messagesOf(fields: readonly string[]): readonly string[] | null {
  const [name, message] = fields;
  if (name === 'event' && message !== undefined && fields.length === 2) return [message];
  const messages: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const lines = fields[at] === 'events' ? messagesOfLines(fields[at + 1] ?? '') : null;
    if (!lines) return null;
    messages.push(...lines);
  }
  return messages.length > 0 ? messages : null;
}

/** Reads a field of several lines. The first line has what is common to the events, and the number of the first of them. */
function messagesOfLines(text: string): readonly string[] | null {
  const [head = '', ...bodies] = text.split('\n');
  const [, first, common] = /^\{"v":1,"seq":(\d+)(,"type":"\w+","at":\d+)\}$/.exec(head) ?? [];
  if (first === undefined) return null;
  return bodies.map((body, index) => `{"v":1,"seq":${Number(first) + index}${common},${body}}`);
}

/** Returns the place of an event: its entry, and its number in the entry, from 1 on; undefined: it is the last one. */
export function placeOf(eventId: string): { readonly entryId: string; readonly before: number | undefined } {
  const [entryId = '', place] = eventId.split('.');
  return { entryId, before: place === undefined ? undefined : Number(place) };
}
