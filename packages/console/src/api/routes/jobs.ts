import { z } from '@hono/zod-openapi';
import { limited } from '../limits.js';
import { type Route, route } from '../route.js';
import { jobJson, jobPage } from '../schemas/job.js';
import { cursor, limit } from '../schemas/scalars.js';
import { inStore } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs',
  operationId: 'listJobs',
  summary: 'The jobs of a job store, by next run time, paused ones last',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({ limit, cursor }),
  answers: { 200: { description: 'a page', schema: jobPage } },
  async handle({ params, query, caller, scheduler }) {
    const page = await scheduler.getJobs({ jobStore: params.store, limit: query.limit, cursor: query.cursor ?? null });
    const jobs = limited(caller, page.jobs).map((job) => jobJson(job, caller));
    return { body: { jobs, cursor: page.cursor } };
  },
});

export const jobRoutes: readonly Route[] = [list];
