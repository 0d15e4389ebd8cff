import type { CarillonEvent } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { errorJson, REDACTED } from './error.js';
import { instant, nextCursor } from './scalars.js';

/** The members of each type are in `docs/events.md`. */
const event = z
  .looseObject({
    v: z.literal(1),
    seq: z.int(),
    type: z.string(),
    at: instant,
    jobStore: z.string(),
    eventId: z.string().openapi({ description: 'its place in the log: Last-Event-ID' }),
    jobId: z.string().nullable().optional(),
    runId: z.string().nullable().optional(),
    actor: z.string().optional(),
    reason: z.string().optional(),
  })
  .openapi('Event', { description: 'docs/events.md has the members of each type; instants are ISO strings here' });

export const eventPage = z.strictObject({ events: z.array(event), cursor: nextCursor }).openapi('EventPage');

/** An event as the API has it: as listeners are given it, instants as ISO strings. */
export function eventJson(one: CarillonEvent, caller: Pick<Caller, 'redact'>): object {
  const { redact } = caller;
  const hidesValue = redact.has('results') && 'value' in one;
  const hidesError = redact.has('errors') && 'error' in one;
  // Why a record cannot be read quotes it.
  const hidesWhy = redact.size > 0 && 'why' in one;
  if (!hidesValue && !hidesError && !hidesWhy) return one;
  return {
    ...one,
    ...(hidesValue && { value: null }),
    ...(hidesWhy && { why: REDACTED }),
    ...(hidesError && { error: errorJson(one.error, caller) }),
    redacted: true,
  };
}
