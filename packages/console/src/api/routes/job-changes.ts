import { type JobChanges, JobNotFoundError, type JobSpec, type Trigger, type UntypedTasks } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { maySee, requireAllTags, requireOwnTags } from '../limits.js';
import { etagOf, ifRevision } from '../preconditions.js';
import { type Answer, type AnyScheduler, type Call, type Route, route } from '../route.js';
import { change, jobChange, jobOrChange, plainChange } from '../schemas/change.js';
import { jobJson, trigger } from '../schemas/job.js';
import { addedJobs, jobChanges, jobSpec, jobSpecOfMany } from '../schemas/job-spec.js';
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
    const dryRun = query.dryRun === 'true';
    // A caller that is limited to tags replaces the job that was checked, and no job that took its place since.
    const isHeld = caller.tags !== null && replaceExisting;
    const added = await scheduler.addJob(whole as never, {
      dryRun,
      ...(isHeld && { ifRevision: before?.revision ?? null }),
    });
    if (dryRun) return jobChange(before, added, caller);
    return { ...(await answerOf(scheduler, params.store, added, caller)), status: 201 };
  },
});

const addMany = route({
  method: 'post',
  path: '/v1/stores/{store}/bulk/add',
  operationId: 'addJobs',
  summary: 'Adds up to 1,000 jobs with one call: all specs are checked before any job is written',
  right: 'change',
  subject: 'store',
  params: inStore,
  query: written,
  body: z.strictObject({ jobs: z.array(jobSpecOfMany).min(1).max(1_000), reason }),
  answers: {
    201: { description: 'the jobs, in the order of their specs', schema: addedJobs },
    200: { description: 'of a dry run, what would change', schema: change },
  },
  async handle({ params, query, body, caller, scheduler }) {
    for (const { tags = [], replaceExisting } of body.jobs) {
      requireOwnTags(caller, tags);
      // Each job that is replaced has a revision of its own at which this caller may replace it.
      if (replaceExisting) requireAllTags(caller);
    }
    const specs = body.jobs.map((spec) => ({ ...withDates(spec), jobStore: params.store }));
    const dryRun = query.dryRun === 'true';
    const added = await scheduler.addJobs(specs as never, { dryRun });
    const jobs = added.map(({ id, nextRunTime }) => ({ id, nextRunTime: nextRunTime?.toISOString() ?? null }));
    return dryRun ? plainChange(null, { jobs }) : { status: 201, body: { jobs } };
  },
});

const modify = route({
  method: 'patch',
  path: '/v1/stores/{store}/jobs/{job}',
  operationId: 'modifyJob',
  summary: 'Changes a job; fields that are left out stay as they are',
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

interface Pausing {
  readonly does: 'pause' | 'resume';
  readonly summary: string;
}

/** Pauses a job, or resumes it. */
function pausing({ does, summary }: Pausing): Route {
  return route({
    method: 'post',
    path: `/v1/stores/{store}/jobs/{job}/${does}`,
    operationId: `${does}Job`,
    summary,
    right: 'operate',
    subject: 'job',
    params: ofJob,
    query: written,
    headers: ['If-Match'],
    body: z.strictObject({ reason }),
    answers,
    handle: (call) => changed(call, (options) => call.scheduler[`${does}Job`](call.params.job, options)),
  });
}

const remove = route({
  method: 'delete',
  path: '/v1/stores/{store}/jobs/{job}',
  operationId: 'removeJob',
  summary: 'Removes a job; its runs continue, unless `cancelRuns` is true',
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
    const revision = await heldRevision({ params, caller, scheduler, request });
    await scheduler.removeJob(params.job, { jobStore: params.store, cancelRuns, ifRevision: revision });
    return {};
  },
});

type OneJob = { readonly store: string; readonly job: string };
type AnyJob = NonNullable<Awaited<ReturnType<AnyScheduler['getJob']>>>;

/** Changes a job, or says what that would change. */
async function changed(
  call: Call<OneJob, { readonly dryRun: string }, unknown>,
  apply: (options: {
    readonly jobStore: string;
    readonly ifRevision: number | undefined;
    readonly dryRun: boolean;
  }) => Promise<AnyJob>,
): Promise<Answer> {
  const { params, query, caller, scheduler } = call;
  const isDry = query.dryRun === 'true';
  const before = isDry ? await existing(scheduler, params) : undefined;
  const job = await apply({ jobStore: params.store, ifRevision: await heldRevision(call), dryRun: isDry });
  if (isDry) return jobChange(before, job.finished ? undefined : job, caller);
  return answerOf(scheduler, params.store, job, caller);
}

/**
 * At which revision the job is to be: the one that the request names; of a caller who is limited to tags, else that at which the job has one of
 * these: a later state of the job is not for this caller to change.
 */
async function heldRevision({
  params,
  caller,
  scheduler,
  request,
}: Pick<Call<OneJob, unknown, unknown>, 'params' | 'caller' | 'scheduler' | 'request'>): Promise<number | undefined> {
  const asked = ifRevision(request);
  if (caller.tags === null) return asked;
  const job = await existing(scheduler, params);
  if (!maySee(caller, job)) throw new JobNotFoundError(params.job, params.store);
  return asked ?? job.revision ?? undefined;
}

/** A job that was written, with its revision: the present one, if another client has changed the job since. */
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

export const jobChangeRoutes: readonly Route[] = [
  add,
  addMany,
  modify,
  reschedule,
  pausing({ does: 'pause', summary: 'Pauses a job: fire times during the pause do not exist' }),
  pausing({ does: 'resume', summary: 'Resumes a job: it fires again from now on' }),
  remove,
];
