import { type Run, RunFailedError, RunNotFoundError, type RunOutcome } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { SeenJobs } from '../limits.js';
import { type AnyScheduler, type Route, route } from '../route.js';
import { change, plainChange } from '../schemas/change.js';
import { REDACTED } from '../schemas/error.js';
import { run, runJson, runPage } from '../schemas/run.js';
import { cursor, dryRun, instantWithOffset, json, limit, names, reason } from '../schemas/scalars.js';
import { dateOf, inStore, listOf, ofRun } from './params.js';

const list = route({
  method: 'get',
  path: '/v1/stores/{store}/runs',
  operationId: 'listRuns',
  summary: 'The runs of a job store: owed runs, then ended ones, newest first',
  right: 'read',
  subject: 'store',
  params: inStore,
  query: z.strictObject({
    state: names.optional().openapi({ description: 'states, separated by commas' }),
    outcome: names
      .optional()
      .openapi({ description: 'outcomes of ended runs, separated by commas; it excludes state' }),
    job: z.string().optional(),
    task: z.string().optional(),
    executor: z.string().optional(),
    from: instantWithOffset.optional().openapi({ description: 'ended runs that ended at or after this instant' }),
    to: instantWithOffset.optional(),
    limit,
    cursor,
  }),
  answers: {
    200: { description: 'a page; it may have fewer runs than `limit`, although more pages follow', schema: runPage },
  },
  async handle({ params, query, caller, scheduler }) {
    const { state, outcome, job, task, executor, from, to } = query;
    const page = await scheduler.getRuns({
      jobStore: params.store,
      state: listOf<Run['state']>(state),
      outcome: listOf<RunOutcome>(outcome),
      jobId: job,
      task,
      executor,
      from: dateOf(from),
      to: dateOf(to),
      limit: query.limit,
      cursor: query.cursor ?? null,
    });
    const seen = new SeenJobs(caller, scheduler, params.store);
    const runs = await seen.of(page.runs);
    return { body: { runs: runs.map((one) => runJson(one, caller)), cursor: page.cursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/stores/{store}/runs/{run}',
  operationId: 'getRun',
  summary: 'A run',
  right: 'read',
  subject: 'run',
  params: ofRun,
  answers: { 200: { description: 'the run', schema: run } },
  async handle({ params, caller, scheduler }) {
    return { body: runJson(await existing(scheduler, params), caller) };
  },
});

const MOST_WAITING_MS = 30_000;

const result = route({
  method: 'get',
  path: '/v1/stores/{store}/runs/{run}/result',
  operationId: 'getResult',
  summary: 'Waits for a run to end, and returns the result of its task',
  right: 'read',
  subject: 'run',
  params: ofRun,
  query: z.strictObject({
    timeout: z.coerce
      .number()
      .int()
      .min(1)
      .max(MOST_WAITING_MS)
      .default(MOST_WAITING_MS)
      .openapi({ description: `how long to wait, ms, up to ${MOST_WAITING_MS}; then 504, and the run goes on` }),
  }),
  answers: {
    200: {
      description: 'what it returned',
      schema: z.strictObject({ value: json, redacted: z.literal(true).optional() }),
    },
  },
  async handle({ params, query, caller, scheduler }) {
    try {
      const value = await scheduler.getResult(params.run, { jobStore: params.store, timeout: query.timeout });
      return { body: caller.redact.has('results') ? { value: null, redacted: true } : { value } };
    } catch (error) {
      if (!(error instanceof RunFailedError) || !caller.redact.has('errors')) throw error;
      throw new RunFailedError(params.run, { name: error.error.name, message: REDACTED });
    }
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/stores/{store}/runs/{run}/cancel',
  operationId: 'cancelRun',
  summary: 'Cancels a run, in any state',
  right: 'operate',
  subject: 'run',
  params: ofRun,
  query: z.strictObject({ dryRun }),
  body: z.strictObject({ reason }),
  answers: {
    200: {
      description: 'whether it has ended, or its worker ends it; of a dry run, what would change',
      schema: z.union([z.strictObject({ state: z.enum(['cancelled', 'cancelling']) }), change]),
    },
  },
  async handle({ params, query, scheduler }) {
    if (query.dryRun === 'true') {
      const { state } = await existing(scheduler, params);
      return plainChange({ state }, { state: 'cancelled' });
    }
    return { body: { state: await scheduler.cancelRun(params.run, { jobStore: params.store }) } };
  },
});

/** @throws RunNotFoundError */
async function existing(
  scheduler: AnyScheduler,
  { store: jobStore, run: id }: { readonly store: string; readonly run: string },
): Promise<Run> {
  const found = await scheduler.getRun(id, { jobStore });
  if (!found) throw new RunNotFoundError(id, jobStore);
  return found;
}

export const runRoutes: readonly Route[] = [list, get, result, cancel];
