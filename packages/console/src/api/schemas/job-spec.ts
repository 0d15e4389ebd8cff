import { z } from '@hono/zod-openapi';
import { trigger } from './job.js';
import { askedFields } from './job-fields.js';
import { duration, instant, instantWithOffset, json, reason } from './scalars.js';

const retry = { retry: z.record(z.string(), json).nullable().optional() };
const { executor, ...execution } = askedFields('execution');
const policy = { executor, ...askedFields('policy'), ...execution, ...retry };
const { name, description, ...others } = askedFields('job');

export const call = {
  args: z.array(json).optional(),
  kwargs: z.record(z.string(), json).optional(),
};

const changing = {
  name,
  description,
  tags: z.array(z.string()).optional(),
  trigger: trigger.optional(),
  nextRunTime: instantWithOffset.nullable().optional().openapi({ description: 'when it fires first; null: paused' }),
  maxRuns: z.int().nullable().optional(),
  ...others,
  history: z.record(z.string(), json).nullable().optional(),
  account: z.record(z.string(), json).nullable().optional(),
};

/** What members mean and may be is for core to say: `docs/runs.md`. */
export const jobSpec = z
  .strictObject({
    id: z.string().optional(),
    task: z.string(),
    ...call,
    ...changing,
    ...policy,
    replaceExisting: z.boolean().optional(),
    requireTask: z.boolean().optional(),
    reason,
  })
  .openapi('JobSpec');

/** The reason of a call that adds many jobs is that of all of them. */
export const jobSpecOfMany = jobSpec.omit({ reason: true }).openapi('JobSpecOfMany');

export const addedJobs = z.strictObject({
  jobs: z.array(z.strictObject({ id: z.string(), nextRunTime: instant.nullable() })),
});

export const jobChanges = z
  .strictObject({ task: z.string().optional(), ...call, ...changing, ...policy, reason })
  .openapi('JobChanges', { description: 'fields that are left out stay as they are; arguments need their task' });

const executionPolicy = { executor, misfireGraceTime: policy.misfireGraceTime, ...execution, ...retry };

export const runSpec = z
  .strictObject({
    task: z.string(),
    ...call,
    ...executionPolicy,
    history: z
      .union([z.literal('none'), z.record(z.string(), json)])
      .nullable()
      .optional(),
    delay: duration.optional(),
    at: instantWithOffset.optional(),
    dedupe: z.strictObject({ key: z.string(), for: duration }).optional(),
    requireTask: z.boolean().optional(),
    reason,
  })
  .openapi('RunSpec');
