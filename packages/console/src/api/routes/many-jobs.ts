import { type BulkOutcome, type JobFilter, UnexpectedCountError } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Right } from '../../auth/rights.js';
import { requireRight, SeenJobs } from '../limits.js';
import { type AnyScheduler, type Route, route } from '../route.js';
import { bulkOutcome } from '../schemas/bulk-outcome.js';
import { change, plainChange } from '../schemas/change.js';
import { filterOf, filterQuery, jobFilter } from '../schemas/job-filter.js';
import { outcomesOfJob } from '../schemas/outcome.js';
import { dryRun, reason } from '../schemas/scalars.js';
import { inStore } from './params.js';

const count = route({
  method: 'get',
  path: '/v1/stores/{store}/job-count',
  operationId: 'countJobs',
  summary: 'How many jobs a filter matches, to be passed as `expected`. With 1,000,000 jobs it takes seconds',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject(filterQuery),
  answers: { 200: { description: 'how many', schema: z.strictObject({ count: z.int() }) } },
  handle: async ({ params, query, scheduler }) => ({
    body: { count: await scheduler.countJobs(filterOf(query), { jobStore: params.store }) },
  }),
});

interface Many {
  readonly does: 'pause' | 'resume' | 'run' | 'remove';
  readonly summary: string;
  readonly right: Right;
  apply(scheduler: AnyScheduler, filter: JobFilter, options: BulkGiven): Promise<BulkOutcome>;
}

interface BulkGiven {
  readonly jobStore: string;
  readonly expected: number;
  readonly cancelRuns?: boolean | undefined;
}

/** Does the same with each job that a filter matches, where they are as many as `expected` confirms. */
function many({ does, summary, right, apply }: Many): Route {
  const removes = does === 'remove';
  return route({
    method: 'post',
    path: `/v1/stores/{store}/bulk/${does}`,
    operationId: `${does}Jobs`,
    summary,
    right,
    subject: 'whole store',
    params: inStore,
    query: z.strictObject({ dryRun }),
    body: z.strictObject({
      filter: jobFilter,
      expected: z
        .int()
        .min(0)
        .openapi({ description: 'how many jobs the filter matches; with another number, nothing is changed' }),
      ...(removes && { cancelRuns: z.boolean().optional() }),
      reason,
    }),
    answers: {
      200: {
        description: 'how many were changed; of a dry run, what would change',
        schema: z.union([bulkOutcome, change]),
      },
    },
    async handle({ params, query, body, caller, scheduler }) {
      const jobStore = params.store;
      const { expected } = body;
      const { cancelRuns } = body as { readonly cancelRuns?: boolean };
      const filter = filterOf(body.filter);
      // All jobs of a job store are removed by those alone who may do that.
      if (removes && Object.keys(filter).length === 0) requireRight(caller, 'administer');
      if (query.dryRun === 'true') {
        const matched = await scheduler.countJobs(filter, { jobStore });
        return plainChange({ matched, expected }, { [does]: matched === expected ? matched : 0 });
      }
      return { body: await apply(scheduler, filter, { jobStore, expected, ...(removes && { cancelRuns }) }) };
    },
  });
}

const removeAll = route({
  method: 'delete',
  path: '/v1/stores/{store}/jobs',
  operationId: 'removeAllJobs',
  summary: 'Removes every job of a job store, if their number is `expected`',
  right: 'administer',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ expected: z.int(), reason }),
  answers: {
    200: {
      description: 'how many there were; of a dry run, what would change',
      schema: z.union([z.strictObject({ count: z.int() }), change]),
    },
  },
  async handle({ params, query, body, scheduler }) {
    const jobStore = params.store;
    const there = await scheduler.countJobs({}, { jobStore });
    if (query.dryRun === 'true') return plainChange({ jobs: there }, { jobs: 0 });
    if (there !== body.expected)
      throw new UnexpectedCountError(body.expected, there, { what: 'jobs', look: 'GET …/job-count' });
    return { body: { count: await scheduler.removeAllJobs({ jobStore }) } };
  },
});

const recent = route({
  method: 'post',
  path: '/v1/stores/{store}/outcomes',
  operationId: 'recentOutcomes',
  summary:
    'The newest outcomes of many jobs, such as those of a page. It is a POST as ids may be long, and changes nothing',
  right: 'read',
  subject: 'store',
  params: inStore,
  body: z.strictObject({
    jobs: z.array(z.string()).max(200),
    limit: z.int().min(1).max(100).default(30).openapi({ description: 'of each job at most' }),
  }),
  answers: {
    200: {
      description: 'of each of the jobs that the caller may see, newest first',
      schema: z.strictObject({ jobs: z.array(outcomesOfJob) }),
    },
  },
  async handle({ params, body, caller, scheduler }) {
    const jobStore = params.store;
    const asked = body.jobs.map((jobId) => ({ jobId }));
    const seen = await new SeenJobs(caller, scheduler, jobStore).of(asked);
    const ids = seen.map(({ jobId }) => jobId);
    return { body: { jobs: await scheduler.recentOutcomes(ids, { jobStore, limit: body.limit }) } };
  },
});

export const manyJobRoutes: readonly Route[] = [
  count,
  many({
    does: 'pause',
    summary: 'Pauses each job that a filter matches',
    right: 'operate',
    apply: (scheduler, filter, options) => scheduler.pauseJobs(filter, options),
  }),
  many({
    does: 'resume',
    summary: 'Resumes each job that a filter matches',
    right: 'operate',
    apply: (scheduler, filter, options) => scheduler.resumeJobs(filter, options),
  }),
  many({
    does: 'run',
    summary: 'Runs each job that a filter matches now, in addition to its trigger',
    right: 'operate',
    apply: (scheduler, filter, options) => scheduler.runJobs(filter, options),
  }),
  many({
    does: 'remove',
    summary: 'Removes each job that a filter matches; with an empty filter, that needs the right `administer`',
    right: 'change',
    apply: (scheduler, filter, options) => scheduler.removeJobs(filter, options),
  }),
  removeAll,
  recent,
];
