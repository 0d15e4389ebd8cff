import { JobNotFoundError } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { limited } from '../limits.js';
import { etagOf } from '../preconditions.js';
import { type AnyScheduler, type Route, route } from '../route.js';
import { fires, firesJson } from '../schemas/fires.js';
import { changeJson, recordedChange } from '../schemas/history.js';
import { job, jobJson, jobPage } from '../schemas/job.js';
import { filterOf, filterQuery } from '../schemas/job-filter.js';
import { runJson, runPage } from '../schemas/run.js';
import { cursor, instantWithOffset, limit } from '../schemas/scalars.js';
import { inStore, ofJob } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs',
  operationId: 'listJobs',
  summary: 'The jobs of a job store, by next run time, paused ones last',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({
    ...filterQuery,
    limit,
    cursor,
  }),
  answers: {
    200: {
      description: 'a page; with a filter it may have fewer jobs than `limit`, although more pages follow',
      schema: jobPage,
    },
  },
  async handle({ params, query, caller, scheduler }) {
    const { limit, cursor = null, ...given } = query;
    const filter = filterOf(given);
    const page = await scheduler.getJobs({ jobStore: params.store, filter, limit, cursor });
    // A user of a long list is about to search it. Without an index the search is only slower, and what fails here fails there.
    if (page.cursor !== null && cursor === null) void scheduler.indexJobs({ jobStore: params.store }).catch(() => {});
    const jobs = limited(caller, page.jobs).map((one) => jobJson(one, caller));
    return { body: { jobs, cursor: page.cursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}',
  operationId: 'getJob',
  summary: 'A job; its ETag names its revision',
  right: 'read',
  subject: 'job',
  params: ofJob,
  answers: { 200: { description: 'the job', schema: job } },
  async handle({ params, caller, scheduler }) {
    const found = await existing(scheduler, params);
    return { body: jobJson(found, caller), headers: etagOf(found) };
  },
});

const firesOf = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}/fires',
  operationId: 'previewJob',
  summary: 'When a stored job fires next; for a paused job, when it would',
  right: 'read',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({ after: instantWithOffset.optional(), limit: limit.default(20) }),
  answers: { 200: { description: 'the fire times', schema: fires } },
  async handle({ params, query, scheduler }) {
    const found = await existing(scheduler, params);
    const preview = found.preview({ count: query.limit, ...(query.after && { after: new Date(query.after) }) });
    return { body: firesJson(preview, (at) => found.delay(at)) };
  },
});

const runsOf = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}/runs',
  operationId: 'listRunsOfJob',
  summary: 'The runs of a job, newest first: owed runs, then ended ones that are kept',
  right: 'read',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({ limit }),
  answers: { 200: { description: 'the runs; no other page follows', schema: runPage } },
  async handle({ params, query, caller, scheduler }) {
    const runs = await scheduler.getRuns(params.job, { jobStore: params.store, limit: query.limit });
    return { body: { runs: runs.map((run) => runJson(run, caller)), cursor: null } };
  },
});

const changesOf = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}/changes',
  operationId: 'listChanges',
  summary: 'The changes of a job, with actor, reason and changed fields: newest first',
  right: 'read',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({ limit }),
  answers: {
    200: {
      description: 'as far as the account of the job goes',
      schema: z.strictObject({ changes: z.array(recordedChange) }),
    },
  },
  async handle({ params, query, caller, scheduler }) {
    const changes = await scheduler.getChanges(params.job, { jobStore: params.store, limit: query.limit });
    return { body: { changes: changes.map((one) => changeJson(one, caller)) } };
  },
});

/** @throws JobNotFoundError */
export async function existing(
  scheduler: AnyScheduler,
  { store: jobStore, job: id }: { readonly store: string; readonly job: string },
) {
  const found = await scheduler.getJob(id, { jobStore });
  if (!found) throw new JobNotFoundError(id, jobStore);
  return found;
}

export const jobRoutes: readonly Route[] = [list, get, firesOf, runsOf, changesOf];
