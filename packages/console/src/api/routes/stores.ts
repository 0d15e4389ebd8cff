import { z } from '@hono/zod-openapi';
import { type Route, route } from '../route.js';
import { change, plainChange } from '../schemas/change.js';
import { storeHistory } from '../schemas/history.js';
import { dryRun, instantWithOffset, limit, reason } from '../schemas/scalars.js';
import { inspection, inspectionJson, measure, worker } from '../schemas/store.js';
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
  summary: 'A job store as a whole: leader, workers, owed runs, quarantine',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: { 200: { description: 'as it is at this instant', schema: inspection } },
  handle: async ({ params, caller, scheduler }) => ({
    body: inspectionJson(await scheduler.inspect({ jobStore: params.store }), caller),
  }),
});

const measured = route({
  method: 'get',
  path: '/v1/stores/{store}/measure',
  operationId: 'measureStore',
  summary: 'Counts of a job store, as metrics have them: as fast with a million jobs as with one',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  answers: { 200: { description: 'as it is at this instant', schema: measure } },
  async handle({ params, scheduler }) {
    const { isLed, epoch, paused, counts, coordinators, ...measured } = await scheduler.measure({
      jobStore: params.store,
    });
    return {
      body: {
        now: new Date(measured.now),
        ...{ isLed, epoch, paused, counts, coordinators },
        nextDue: dateOrNull(measured.nextDueAt),
        nextDelivery: dateOrNull(measured.outboxAt),
        events: Object.fromEntries(measured.events.map(({ type, count }) => [type, count])),
        executors: measured.executors.map(({ oldestAt, ...one }) => ({ ...one, oldest: dateOrNull(oldestAt) })),
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

const history = route({
  method: 'get',
  path: '/v1/stores/{store}/history',
  operationId: 'storeHistory',
  summary: 'The leaders of a job store, its workers and its pauses: newest first',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({
    since: instantWithOffset.optional().openapi({ description: 'as far back as this at least; left out: all' }),
    limit: limit.openapi({ description: 'of each at most, 1 to 1000' }),
  }),
  answers: { 200: { description: 'as far as the account of the job store goes', schema: storeHistory } },
  async handle({ params, query, scheduler }) {
    const { since, limit: most } = query;
    const asked = { jobStore: params.store, limit: most, ...(since && { since: new Date(since) }) };
    return { body: await scheduler.getStoreHistory(asked) };
  },
});

interface Firing {
  readonly does: 'pause' | 'resume';
  readonly summary: string;
}

/** Stops all firing of a job store, or lets it go on. */
function firing({ does, summary }: Firing): Route {
  return route({
    method: 'post',
    path: `/v1/stores/{store}/${does}`,
    operationId: `${does}Store`,
    summary,
    right: 'administer',
    subject: 'whole store',
    params: inStore,
    query: z.strictObject({ dryRun }),
    body: z.strictObject({ reason }),
    answers: {
      204: { description: 'it is done' },
      200: { description: 'of a dry run, what would change', schema: change },
    },
    async handle({ params, query, scheduler }) {
      const jobStore = params.store;
      if (query.dryRun === 'true') {
        const { paused } = await scheduler.measure({ jobStore });
        return plainChange({ paused }, { paused: does === 'pause' });
      }
      await scheduler[does]({ jobStore });
      return {};
    },
  });
}

function dateOrNull(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

export const storeRoutes: readonly Route[] = [
  list,
  inspect,
  measured,
  workers,
  history,
  firing({
    does: 'pause',
    summary: 'Stops all firing of a job store; fire times during the pause are owed when it is resumed',
  }),
  firing({ does: 'resume', summary: 'Lets a job store fire again' }),
];
