import type { RetriedRuns } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { type Route, route } from '../route.js';
import { change, plainChange } from '../schemas/change.js';
import { runHandle, runJson } from '../schemas/run.js';
import { dryRun, instantWithOffset, reason } from '../schemas/scalars.js';
import { dateOf, inStore, ofRun } from './params.js';

const retried = z.strictObject({
  runs: z.array(runHandle),
  left: z.array(z.strictObject({ runId: z.string(), why: z.enum(['max_instances', 'retried', 'owed']) })),
});

const one = route({
  method: 'post',
  path: '/v1/stores/{store}/runs/{run}/retry',
  operationId: 'retryRun',
  summary: 'Retries a failed run: enters a new run with the same arguments and the same scheduled run time',
  right: 'operate',
  subject: 'run',
  params: ofRun,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: {
    200: {
      description: 'the new run, or why there is none; of a dry run, what would change',
      schema: z.union([retried, change]),
    },
  },
  async handle({ params, query, caller, scheduler }) {
    const filter = { jobStore: params.store, runIds: [params.run] };
    if (query.dryRun === 'true') {
      const [found] = (await scheduler.previewRetry(filter)).runs;
      return plainChange(found ? runJson(found, caller) : null, found ? { retryOf: found.runId } : null);
    }
    return { body: retriedJson(await scheduler.retryRuns(filter, { expected: 1 })) };
  },
});

const many = route({
  method: 'post',
  path: '/v1/stores/{store}/bulk/retry',
  operationId: 'retryRuns',
  summary: 'Retries each failed run that a filter matches, if their number is `expected`',
  right: 'operate',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({
    filter: z.strictObject({
      job: z.string().optional(),
      task: z.string().optional(),
      executor: z.string().optional(),
      from: instantWithOffset.optional().openapi({ description: 'runs that failed at or after this instant' }),
      to: instantWithOffset.optional().openapi({ description: 'runs that failed at or before this instant' }),
    }),
    expected: z.int().min(0).openapi({
      description: 'how many runs the filter matches, as a dry run shows; with another number, none is retried',
    }),
    reason,
  }),
  answers: {
    200: {
      description: 'the new runs, and the skipped ones; of a dry run, what would change',
      schema: z.union([retried, change]),
    },
  },
  async handle({ params, query, body, scheduler }) {
    const { job, from, to, ...same } = body.filter;
    const filter = { ...same, jobStore: params.store, jobId: job, from: dateOf(from), to: dateOf(to) };
    const { expected } = body;
    if (query.dryRun === 'true') {
      const { runs, notKept } = await scheduler.previewRetry(filter);
      const matched = runs.length;
      return plainChange({ matched, expected, notKept: notKept.length }, { retry: matched === expected ? matched : 0 });
    }
    return { body: retriedJson(await scheduler.retryRuns(filter, { expected })) };
  },
});

function retriedJson({ runs, left }: RetriedRuns): z.infer<typeof retried> {
  const handles = runs.map(({ runId, jobId, jobStore, isDuplicate }) => ({ runId, jobId, jobStore, isDuplicate }));
  return { runs: handles, left: [...left] };
}

export const retryRoutes: readonly Route[] = [one, many];
