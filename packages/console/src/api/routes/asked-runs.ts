import type { EnqueueOptions, JsonObject, JsonValue } from '@carillon/core';
import { argsSchema, kwargsSchema } from '@carillon/core/internal';
import { z } from '@hono/zod-openapi';
import { requireRight } from '../limits.js';
import { dedupeOf } from '../preconditions.js';
import { Refusal } from '../problem.js';
import { type Route, route } from '../route.js';
import { change, plainChange } from '../schemas/change.js';
import { call, runSpec } from '../schemas/job-spec.js';
import { runHandle } from '../schemas/run.js';
import { dryRun, reason } from '../schemas/scalars.js';
import { existing } from './jobs.js';
import { inStore, ofJob } from './params.js';

const answers = {
  202: { description: 'the run, which is owed from here on', schema: runHandle },
  200: { description: 'of a dry run, what would change', schema: change },
};

const runJob = route({
  method: 'post',
  path: '/v1/stores/{store}/jobs/{job}/run',
  operationId: 'runJob',
  summary: 'Runs a job now, in addition to its trigger; with other arguments, that needs the right `enqueue`',
  right: 'operate',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({ dryRun }),
  headers: ['Idempotency-Key'],
  body: z.strictObject({ ...call, reason }),
  answers,
  async handle({ params, query, body, caller, scheduler, request }) {
    const given = {
      ...(body.args && { args: body.args as JsonValue[] }),
      ...(body.kwargs && { kwargs: kwargsOf(body) }),
    };
    if (body.args || body.kwargs) requireRight(caller, 'enqueue');
    const dedupe = dedupeOf(request, caller.actor);
    if (query.dryRun === 'true') {
      const { task, args, kwargs = null, executor } = await existing(scheduler, params);
      const shown = caller.redact.has('arguments') ? {} : { args, kwargs };
      return plainChange(null, { task, executor, ...shown, ...checkedCall(given) });
    }
    const run = await scheduler.runJob(params.job, { ...given, jobStore: params.store, dedupe });
    return { status: 202, body: handleJson(run) };
  },
});

const enqueue = route({
  method: 'post',
  path: '/v1/stores/{store}/runs',
  operationId: 'enqueue',
  summary: 'Runs a task once, without a job: now, or when `delay` or `at` says',
  right: 'enqueue',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({ dryRun }),
  headers: ['Idempotency-Key'],
  body: runSpec,
  answers,
  async handle({ params, query, body, caller, scheduler, request }) {
    const { task, args = [], kwargs, reason: _, dedupe: given, ...options } = body;
    const dedupe = dedupeOf(request, caller.actor, given);
    if (query.dryRun === 'true') return plainChange(null, { task, ...options, ...checkedCall({ args, kwargs }) });
    const all = kwargs === undefined ? args : [...args, kwargs];
    const asked = { ...options, jobStore: params.store, dedupe } as unknown as EnqueueOptions;
    const run = await scheduler.enqueue(task, all as never, asked);
    return { status: 202, body: handleJson(run) };
  },
});

function kwargsOf({ kwargs }: { readonly kwargs?: Record<string, unknown> | undefined }): JsonObject {
  return kwargs as JsonObject;
}

/** @throws Refusal */
function checkedCall({ args, kwargs }: { readonly args?: unknown; readonly kwargs?: unknown }): object {
  const checked = z
    .object({ args: argsSchema.optional(), kwargs: kwargsSchema.optional() })
    .safeParse({ args, kwargs });
  if (!checked.success) throw new Refusal('BAD_REQUEST', checked.error.issues.map(({ message }) => message).join('; '));
  return checked.data;
}

function handleJson({ runId, jobId, jobStore, isDuplicate }: z.output<typeof runHandle>): object {
  return { runId, jobId, jobStore, isDuplicate };
}

export const askedRunRoutes: readonly Route[] = [runJob, enqueue];
