import { z } from '@hono/zod-openapi';
import { type AnyScheduler, type Route, route } from '../route.js';
import { change, plainChange } from '../schemas/change.js';
import { dryRun, reason } from '../schemas/scalars.js';
import { inspection, measure, worker } from '../schemas/store.js';
import { inStore } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores',
  operationId: 'listStores',
  summary: 'The job stores that the caller may see',
  right: 'read',
  subject: 'console',
  params: z.object({}),
  answers: {
    200: {
      description: 'their aliases',
      schema: z.strictObject({ stores: z.array(z.strictObject({ jobStore: z.string() })) }),
    },
  },
  async handle({ caller, scheduler }) {
    const seen = scheduler.jobStores.filter((jobStore) => caller.stores?.has(jobStore) ?? true);
    return { body: { stores: seen.map((jobStore) => ({ jobStore })) } };
  },
});

const inspect = route({
  method: 'get',
  path: '/v1/stores/{store}',
  operationId: 'inspectStore',
  summary: 'A job store as a whole: who leads, workers, what is owed, quarantine',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: { 200: { description: 'as it is at this instant', schema: inspection } },
  handle: async ({ params, scheduler }) => ({ body: await scheduler.inspect({ jobStore: params.store }) }),
});

const measured = route({
  method: 'get',
  path: '/v1/stores/{store}/measure',
  operationId: 'measureStore',
  summary: 'Counts of a job store, as metrics have them: as quick with a million jobs as with one',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: { 200: { description: 'as it is at this instant', schema: measure } },
  async handle({ params, scheduler }) {
    const { isLed, epoch, paused, counts, coordinators, ...told } = await scheduler.measure({ jobStore: params.store });
    return {
      body: {
        now: new Date(told.now),
        ...{ isLed, epoch, paused, counts, coordinators },
        nextDue: dateOrNull(told.nextDueAt),
        nextDelivery: dateOrNull(told.outboxAt),
        events: Object.fromEntries(told.events.map(({ type, count }) => [type, count])),
        executors: told.executors.map(({ oldestAt, ...one }) => ({ ...one, oldest: dateOrNull(oldestAt) })),
      },
    };
  },
});

const workers = route({
  method: 'get',
  path: '/v1/stores/{store}/workers',
  operationId: 'listWorkers',
  summary: 'The workers, and what each serves',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: { 200: { description: 'all of them', schema: z.strictObject({ workers: z.array(worker) }) } },
  async handle({ params, scheduler }) {
    const { workers } = await scheduler.inspect({ jobStore: params.store });
    return { body: { workers } };
  },
});

const pause = route({
  method: 'post',
  path: '/v1/stores/{store}/pause',
  operationId: 'pauseStore',
  summary: 'Stops all firing of a job store; fire times meanwhile are owed at resume',
  right: 'administer',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: pausedAnswers(),
  async handle({ params, query, scheduler }) {
    if (query.dryRun === 'true') return pausedChange(scheduler, params.store, true);
    await scheduler.pause({ jobStore: params.store });
    return {};
  },
});

const resume = route({
  method: 'post',
  path: '/v1/stores/{store}/resume',
  operationId: 'resumeStore',
  summary: 'Lets a job store fire again',
  right: 'administer',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: pausedAnswers(),
  async handle({ params, query, scheduler }) {
    if (query.dryRun === 'true') return pausedChange(scheduler, params.store, false);
    await scheduler.resume({ jobStore: params.store });
    return {};
  },
});

function pausedAnswers() {
  return {
    204: { description: 'it is done' },
    200: { description: 'of a dry run, what would change', schema: change },
  };
}

async function pausedChange(scheduler: AnyScheduler, jobStore: string, after: boolean) {
  const { paused } = await scheduler.inspect({ jobStore });
  return plainChange({ paused }, { paused: after });
}

function dateOrNull(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

export const storeRoutes: readonly Route[] = [list, inspect, measured, workers, pause, resume];
