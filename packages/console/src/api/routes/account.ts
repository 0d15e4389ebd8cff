import { z } from '@hono/zod-openapi';
import { Refusal } from '../problem.js';
import { type Route, route } from '../route.js';
import {
  audit,
  auditJson,
  explanation,
  explanationJson,
  explanationPage,
  fireCounts,
  fireCountsJson,
  runExplanation,
  runExplanationJson,
} from '../schemas/account.js';
import { cursor, instantWithOffset, limit, names } from '../schemas/scalars.js';
import { inStore, listOf, ofJob, ofRun } from './params.js';

/** One with its offset, or a time by the clock of the job's zone: core says which it takes. */
const instantText = z
  .string()
  .max(40)
  .optional()
  .openapi({ description: 'an instant with its offset, or a time by the clock of the job, such as 2026-10-25T02:30' });

const explain = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}/explain',
  operationId: 'explainJob',
  summary: 'Why a job ran at an instant, or did not; or each fire time and outcome of a period',
  right: 'read',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({ at: instantText, from: instantText, to: instantText, limit, cursor }),
  answers: {
    200: {
      description: 'with `at`, an explanation; with `from` and `to`, a page of them',
      schema: z.union([explanation, explanationPage]),
    },
  },
  async handle({ params, query, caller, scheduler }) {
    const { at, from, to } = query;
    const choice = { jobStore: params.store };
    if (at !== undefined && from === undefined && to === undefined) {
      return { body: explanationJson(await scheduler.explain(params.job, at, choice), caller) };
    }
    if (at !== undefined || from === undefined || to === undefined) {
      throw new Refusal('BAD_REQUEST', 'query: give at, or from and to');
    }
    const period = { from, to, limit: query.limit, cursor: query.cursor ?? null };
    const page = await scheduler.explain(params.job, period, choice);
    const explanations = page.explanations.map((one) => explanationJson(one, caller));
    return { body: { explanations, cursor: page.cursor } };
  },
});

const explainRun = route({
  method: 'get',
  path: '/v1/stores/{store}/runs/{run}/explain',
  operationId: 'explainRun',
  summary: 'The life of a run, as far as it is kept',
  right: 'read',
  subject: 'run',
  params: ofRun,
  answers: { 200: { description: 'its life', schema: runExplanation } },
  async handle({ params, caller, scheduler }) {
    return { body: runExplanationJson(await scheduler.explainRun(params.run, { jobStore: params.store }), caller) };
  },
});

const countFires = route({
  method: 'get',
  path: '/v1/stores/{store}/jobs/{job}/fire-counts',
  operationId: 'countFires',
  summary: 'The past and future fire times of a job by outcome, counted in equal buckets of a period',
  right: 'read',
  subject: 'job',
  params: ofJob,
  query: z.strictObject({
    from: instantText.unwrap(),
    to: instantText.unwrap(),
    buckets: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(120)
      .openapi({ description: 'into how many the period is divided, 1 to 1000' }),
  }),
  answers: { 200: { description: 'the counts of the buckets that hold something', schema: fireCounts } },
  async handle({ params, query, caller, scheduler }) {
    return {
      body: fireCountsJson(await scheduler.countFires(params.job, { ...query, jobStore: params.store }), caller),
    };
  },
});

const audited = route({
  method: 'get',
  path: '/v1/stores/{store}/audit',
  operationId: 'audit',
  summary: 'Compares each fire time of the jobs with the recorded outcomes; it can take long',
  right: 'read',
  subject: 'whole store',
  params: inStore,
  query: z.strictObject({
    from: instantWithOffset.optional(),
    to: instantWithOffset.optional(),
    jobs: names.optional().openapi({ description: 'ids, separated by commas; default: all' }),
  }),
  answers: { 200: { description: 'what was found', schema: audit } },
  async handle({ params, query, caller, scheduler }) {
    const { from, to, jobs } = query;
    const report = await scheduler.audit({ jobStore: params.store, from, to, jobs: listOf(jobs) });
    return { body: auditJson(report, caller) };
  },
});

export const accountRoutes: readonly Route[] = [explain, countFires, explainRun, audited];
