import type { EventType } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { SeenJobs } from '../limits.js';
import { type Route, route } from '../route.js';
import { eventJson, eventPage } from '../schemas/event.js';
import { cursor, limit, names } from '../schemas/scalars.js';
import { inStore, listOf } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/events',
  operationId: 'listEvents',
  summary: 'What was published, newest first: as far as the log goes back, 20,000 events or so',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({
    types: names.optional().openapi({ description: 'types, with commas between' }),
    job: z.string().optional(),
    run: z.string().optional(),
    task: z.string().optional(),
    limit,
    cursor,
  }),
  answers: {
    200: { description: 'a page; it may have fewer events than `limit`, and others follow', schema: eventPage },
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

export const eventRoutes: readonly Route[] = [list];
