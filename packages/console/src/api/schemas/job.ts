import { describeTrigger, type Job, triggerText } from '@carillon/core';
import { TRIGGER_TYPES } from '@carillon/core/internal';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { answeredFields } from './job-fields.js';
import { instant, json, ms, nextCursor } from './scalars.js';

export const trigger = z
  .looseObject({ type: z.enum(TRIGGER_TYPES) })
  .openapi('Trigger', { description: 'when a job fires; docs/triggers.md has the members of each type' });

const lastRun = z.strictObject({
  outcome: z.enum(['executed', 'error', 'cancelled']),
  scheduledRunTime: instant,
  settledAt: instant,
  executed: z.int(),
  errors: z.int(),
});

const retry = z.strictObject({
  attempts: z.int(),
  backoff: z.strictObject({
    type: z.enum(['fixed', 'exponential']),
    delay: ms,
    maxDelay: ms,
    jitter: z.number(),
  }),
  unless: z.array(z.string()).optional(),
});

const { executor, ...execution } = answeredFields('execution');
const { name, description, ...others } = answeredFields('job');

export const job = z
  .strictObject({
    id: z.string(),
    jobStore: z.string(),
    revision: z
      .int()
      .nullable()
      .openapi({ description: 'grows with each change of the job, and not when it fires; the ETag of the job' }),
    name,
    description,
    tags: z.array(z.string()),
    task: z.string(),
    args: z.array(json),
    kwargs: z.record(z.string(), json).optional(),
    trigger,
    triggerText: z.string().openapi({ description: 'the trigger in one line' }),
    triggerInWords: z.string(),
    timezone: z.string().optional(),
    executor,
    ...answeredFields('policy'),
    ...execution,
    retry: retry.nullable(),
    history: z.strictObject({ perJob: z.int(), age: ms }).nullable(),
    account: z.strictObject({ entries: z.int(), age: ms }).nullable(),
    maxRuns: z.int().nullable(),
    runsLeft: z.int().nullable(),
    replaceExisting: z.boolean(),
    ...others,
    nextRunTime: instant.nullable(),
    dueTime: instant.nullable(),
    paused: z.boolean(),
    finished: z.boolean(),
    lastRun: lastRun.nullable(),
    lastSuccess: z.strictObject({ scheduledRunTime: instant, settledAt: instant.nullable() }).nullable(),
    redacted: z.literal(true).optional().openapi({ description: 'the caller is not shown the arguments' }),
  })
  .openapi('Job');

export const jobPage = z.strictObject({ jobs: z.array(job), cursor: nextCursor }).openapi('JobPage');

/** A job as the API has it: as the command line's `--json` does, with its trigger in words. */
export function jobJson<T>(one: Job<T>, { redact }: Pick<Caller, 'redact'>): object {
  const { id, timezone } = one;
  const isHidden = redact.has('arguments');
  return {
    ...one,
    ...(isHidden && { args: [], kwargs: undefined, redacted: true }),
    triggerText: triggerText(one.trigger),
    triggerInWords: describeTrigger(one.trigger, { jobId: id, timezone }),
    runsLeft: one.runsLeft(),
  };
}
