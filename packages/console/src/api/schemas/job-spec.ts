import { z } from '@hono/zod-openapi';
import { trigger } from './job.js';
import { duration, instantWithOffset, json, reason } from './scalars.js';

const policy = {
  executor: z.string().optional(),
  maxInstances: z.int().optional(),
  misfireGraceTime: duration.nullable().optional(),
  coalesce: z.boolean().optional(),
  overlap: z.enum(['skip', 'queue', 'replace']).optional(),
  priority: z.int().optional(),
  timeout: duration.nullable().optional(),
  retry: z.record(z.string(), json).nullable().optional(),
};

export const call = {
  args: z.array(json).optional(),
  kwargs: z.record(z.string(), json).optional(),
};

const changing = {
  name: z.string().optional(),
  description: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  trigger: trigger.optional(),
  nextRunTime: instantWithOffset.nullable().optional().openapi({ description: 'when it fires first; null: paused' }),
  maxRuns: z.int().nullable().optional(),
  metrics: z.boolean().optional(),
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

export const jobChanges = z
  .strictObject({ task: z.string().optional(), ...call, ...changing, ...policy, reason })
  .openapi('JobChanges', { description: 'what is left out stays; arguments come with their task' });

const { maxInstances: _, coalesce: __, overlap: ___, ...executionPolicy } = policy;

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
