import type { JobChanges, JobSpec, Trigger, UntypedTasks } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { maySee, requireOwnTags } from '../limits.js';
import { etagOf, ifRevision } from '../preconditions.js';
import { Refusal } from '../problem.js';
import { type Answer, type AnyScheduler, type Call, type Route, route } from '../route.js';
import { change, jobChange, jobOrChange, plainChange } from '../schemas/change.js';
import { jobJson, trigger } from '../schemas/job.js';
import { jobChanges, jobSpec } from '../schemas/job-spec.js';
import { dryRun, reason } from '../schemas/scalars.js';
import { existing } from './jobs.js';
import { inStore, ofJob } from './params.js';

const written = z.strictObject({ dryRun });
const answers = { 200: { description: 'the job as it is now; of a dry run, what would change', schema: jobOrChange } };

const add = route({
  method: 'post',
  path: '/v1/stores/{store}/jobs',
  operationId: 'addJob',
  summary: 'Adds a job; with `replaceExisting`, changes one of the same id in place',
  right: 'change',
  subject: 'store',
  params: inStore,
  query: written,
  body: jobSpec,
  answers: {
    201: { description: 'the job', schema: jobOrChange },
    200: { description: 'of a dry run, what would change', schema: change },
  },
  async handle({ params, query, body, caller, scheduler }) {
    const { reason: _, ...spec } = body;
    const jobStore = params.store;
    requireOwnTags(caller, body.tags ?? []);
    const before = body.id === undefined ? undefined : await scheduler.getJob(body.id, { jobStore });
    // One that the caller may not see is not replaced: core says that its id is taken.
    const replaceExisting = body.replaceExisting === true && (!before || maySee(caller, before));
    const whole = { ...withDates(spec), jobStore, replaceExisting } as JobSpec<UntypedTasks>;
    const isDry = query.dryRun === 'true';
    const added = await scheduler.addJob(whole as never, { dryRun: isDry });
    if (isDry) return jobChange(before, added, caller);
    return { ...(await answerOf(scheduler, params.store, added, caller)), status: 201 };
  },
});

const modify = route({
  method: 'patch',
  path: '/v1/stores/{store}/jobs/{job}',
  operationId: 'modifyJob',
  summary: 'Changes a job; what is left out stays',
  right: 'change',
  subject: 'job',
  params: ofJob,
  query: written,
  headers: ['If-Match'],
  body: jobChanges,
  answers,
  handle: (call) => {
    const { reason: _, ...changes } = call.body;
    if (changes.tags) requireOwnTags(call.caller, changes.tags);
    const asked = withDates(changes) as JobChanges<UntypedTasks>;
    return changed(call, (options) => call.scheduler.modifyJob(call.params.job, asked as never, options));
  },
});

const reschedule = route({
  method: 'post',
  path: '/v1/stores/{store}/jobs/{job}/reschedule',
  operationId: 'rescheduleJob',
  summary: 'Gives a job another trigger, which counts from now',
  right: 'change',
  subject: 'job',
  params: ofJob,
  query: written,
  headers: ['If-Match'],
  body: z.strictObject({ trigger, reason }),
  answers,
  handle: (call) => {
    const to = call.body.trigger as unknown as Trigger;
    return changed(call, (options) => call.scheduler.rescheduleJob(call.params.job, to, options));
  },
});

const pause = route({
  method: 'post',
  path: '/v1/stores/{store}/jobs/{job}/pause',
  operationId: 'pauseJob',
  summary: 'Pauses a job: what its trigger names meanwhile does not exist',
  right: 'operate',
  subject: 'job',
  params: ofJob,
  query: written,
  headers: ['If-Match'],
  body: z.strictObject({ reason }),
  answers,
  handle: (call) => changed(call, (options) => call.scheduler.pauseJob(call.params.job, options)),
});

const resume = route({
  method: 'post',
  path: '/v1/stores/{store}/jobs/{job}/resume',
  operationId: 'resumeJob',
  summary: 'Resumes a job: it fires on from now',
  right: 'operate',
  subject: 'job',
  params: ofJob,
  query: written,
  headers: ['If-Match'],
  body: z.strictObject({ reason }),
  answers,
  handle: (call) => changed(call, (options) => call.scheduler.resumeJob(call.params.job, options)),
});

const remove = route({
  method: 'delete',
  path: '/v1/stores/{store}/jobs/{job}',
  operationId: 'removeJob',
  summary: 'Removes a job; its runs go on, unless they are to be cancelled',
  right: 'change',
  subject: 'job',
  params: ofJob,
  query: written,
  headers: ['If-Match'],
  body: z.strictObject({ cancelRuns: z.boolean().optional(), reason }),
  answers: {
    204: { description: 'it is removed' },
    200: { description: 'of a dry run, what would change', schema: change },
  },
  async handle({ params, query, body, caller, scheduler, request }) {
    if (query.dryRun === 'true') return jobChange(await existing(scheduler, params), undefined, caller);
    const { cancelRuns } = body;
    await scheduler.removeJob(params.job, { jobStore: params.store, cancelRuns, ifRevision: ifRevision(request) });
    return {};
  },
});

const removeAll = route({
  method: 'delete',
  path: '/v1/stores/{store}/jobs',
  operationId: 'removeAllJobs',
  summary: 'Removes every job of a job store, where there are as many as `count` confirms',
  right: 'administer',
  subject: 'whole store',
  params: inStore,
  query: written,
  body: z.strictObject({ count: z.int(), reason }),
  answers: {
    200: {
      description: 'how many there were; of a dry run, what would change',
      schema: z.union([z.strictObject({ count: z.int() }), change]),
    },
  },
  async handle({ params, query, body, scheduler }) {
    const jobStore = params.store;
    const { counts } = await scheduler.inspect({ jobStore });
    if (query.dryRun === 'true') return plainChange({ jobs: counts.jobs }, { jobs: 0 });
    if (counts.jobs !== body.count) {
      throw new Refusal('COUNT_DIFFERS', `there are ${counts.jobs} jobs, and ${body.count} were confirmed: look again`);
    }
    return { body: { count: await scheduler.removeAllJobs({ jobStore }) } };
  },
});

type OneJob = { readonly store: string; readonly job: string };
type AnyJob = NonNullable<Awaited<ReturnType<AnyScheduler['getJob']>>>;

/** Changes a job, or says what that would change. */
async function changed(
  { params, query, caller, scheduler, request }: Call<OneJob, { readonly dryRun: string }, unknown>,
  apply: (options: {
    readonly jobStore: string;
    readonly ifRevision: number | undefined;
    readonly dryRun: boolean;
  }) => Promise<AnyJob>,
): Promise<Answer> {
  const isDry = query.dryRun === 'true';
  const before = isDry ? await existing(scheduler, params) : undefined;
  const job = await apply({ jobStore: params.store, ifRevision: ifRevision(request), dryRun: isDry });
  if (isDry) return jobChange(before, job.finished ? undefined : job, caller);
  return answerOf(scheduler, params.store, job, caller);
}

/** A job that was written, with its revision: what it is by now, if somebody else has changed it since. */
async function answerOf(
  scheduler: AnyScheduler,
  jobStore: string,
  job: AnyJob,
  caller: Parameters<typeof jobJson>[1],
): Promise<Answer> {
  const now = (job.finished ? undefined : await scheduler.getJob(job.id, { jobStore })) ?? job;
  return { body: jobJson(now, caller), headers: etagOf(now) };
}

/** Instants as core takes them. */
function withDates<T extends { readonly nextRunTime?: string | null | undefined }>(given: T): object {
  const { nextRunTime, ...others } = given;
  if (nextRunTime === undefined) return others;
  return { ...others, nextRunTime: nextRunTime === null ? null : new Date(nextRunTime) };
}

export const jobChangeRoutes: readonly Route[] = [add, modify, reschedule, pause, resume, remove, removeAll];
