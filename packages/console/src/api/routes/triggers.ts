import { compileTrigger, describeTrigger, preview, type Trigger, triggerText } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { type Route, route } from '../route.js';
import { fires, firesJson } from '../schemas/fires.js';
import { trigger } from '../schemas/job.js';
import { instantWithOffset } from '../schemas/scalars.js';

const previewed = route({
  method: 'post',
  path: '/v1/triggers/preview',
  operationId: 'previewTrigger',
  summary: 'Describes a trigger, and lists when it fires, also for a job that is not saved yet',
  right: 'read',
  subject: 'console',
  params: z.object({}),
  body: z.strictObject({
    trigger,
    timezone: z.string().optional().openapi({ description: 'of a trigger that has none of its own; UTC' }),
    jobId: z.string().optional().openapi({ description: 'the job whose jitter and hashed fields are meant' }),
    after: instantWithOffset.optional().openapi({ description: 'fire times strictly after it; now' }),
    limit: z.int().min(0).max(1_000).optional().openapi({ description: 'how many fire times; 20' }),
  }),
  answers: {
    200: {
      description: 'the trigger',
      schema: z.strictObject({ triggerText: z.string(), triggerInWords: z.string(), ...fires.shape }),
    },
  },
  async handle({ body }) {
    const { timezone, jobId = '', limit: count = 20 } = body;
    const given = body.trigger as unknown as Trigger;
    const after = body.after === undefined ? new Date() : new Date(body.after);
    const options = { jobId, timezone };
    const compiled = compileTrigger(given, { ...options, now: after });
    const previewed = preview(given, { ...options, after, count });
    const texts = { triggerText: triggerText(given), triggerInWords: describeTrigger(given, options) };
    return { body: { ...texts, ...firesJson(previewed, (at) => compiled.delay(at)) } };
  },
});

export const triggerRoutes: readonly Route[] = [previewed];
