import type { CarillonEvent, EventType } from '@carillon/core';
import { checkEventTypes } from '@carillon/core/internal';
import { z } from '@hono/zod-openapi';
import { SeenJobs } from '../limits.js';
import { Refusal } from '../problem.js';
import { type Route, route } from '../route.js';
import { eventJson, eventPage } from '../schemas/event.js';
import { cursor, limit, names } from '../schemas/scalars.js';
import type { Follow } from '../streams.js';
import { inStore, listOf } from './params.js';

const EVENT_ID = /^\d{1,15}-\d{1,15}(?:\.\d{1,3})?$/;

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/events',
  operationId: 'listEvents',
  summary: 'The events of a job store, newest first: as far as the log goes back, about 20,000 events',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({
    types: names.optional().openapi({ description: 'types, separated by commas' }),
    job: z.string().optional(),
    run: z.string().optional(),
    task: z.string().optional(),
    limit,
    cursor,
  }),
  answers: {
    200: {
      description: 'a page; it may have fewer events than `limit`, although more pages follow',
      schema: eventPage,
    },
  },
  async handle({ params, query, caller, scheduler }) {
    const { types, job: jobId, run: runId, task } = query;
    const page = await scheduler.getEvents({
      jobStore: params.store,
      types: listOf<EventType>(types),
      jobId,
      runId,
      task,
      limit: query.limit,
      cursor: query.cursor ?? null,
    });
    const events = await new SeenJobs(caller, scheduler, params.store).of(page.events);
    return { body: { events: events.map((event) => eventJson(event, caller)), cursor: page.cursor } };
  },
});

const stream = route({
  method: 'get',
  path: '/v1/stores/{store}/events/stream',
  operationId: 'streamEvents',
  summary: 'All events as server-sent events: after the event of `Last-Event-ID`, or `after`; else from now on',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({
    types: names.optional().openapi({ description: 'types, separated by commas' }),
    after: z.string().regex(EVENT_ID).optional().openapi({ description: 'an eventId, if the header is not given' }),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .openapi({ description: 'the number of events after which the stream ends' }),
  }),
  answers: {
    200: {
      description: 'each event as `data` is an Event, and its `id` an eventId; a comment comes each 15 s',
      schema: z.string(),
      mediaType: 'text/event-stream',
    },
  },
  async handle({ params, query, caller, scheduler, request, streams }) {
    const jobStore = params.store;
    const header = request.headers.get('last-event-id');
    if (header !== null && !EVENT_ID.test(header)) throw new Refusal('BAD_REQUEST', 'Last-Event-ID is not an eventId');
    const [newest] = (await scheduler.getEvents({ jobStore, limit: 1 })).events;
    const since = header ?? query.after ?? newest?.eventId ?? new Date(0);
    const given = listOf<EventType>(query.types);
    const types = given && checkEventTypes(given);
    const follow: Follow = async (pass) => {
      const listener = async (event: CarillonEvent) => {
        const [seen] = await new SeenJobs(caller, scheduler, jobStore).of([event]);
        if (seen) await pass(seen, eventJson(seen, caller));
      };
      const { remove } = await scheduler.addListener(listener, types, { since, jobStore });
      return remove;
    };
    return streams.open(follow, query.limit ?? Number.POSITIVE_INFINITY, caller.actor);
  },
});

export const eventRoutes: readonly Route[] = [list, stream];
