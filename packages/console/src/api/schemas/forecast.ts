import { z } from '@hono/zod-openapi';
import { instant, ms } from './scalars.js';

const executor = z.strictObject({
  executor: z.string(),
  fires: z.array(z.number()).openapi({ description: 'of each step; parts of a fire are what jitter may delay' }),
  meanMs: ms.nullable().openapi({ description: 'how long a run lately kept a slot busy; null: not known' }),
  slots: z.number(),
  slotsTaken: z.array(z.number()).nullable().openapi({ description: 'of each step; null: the mean is not known' }),
  estimated: z.boolean(),
});

const worst = z.strictObject({
  at: instant,
  executor: z.string(),
  fires: z.number(),
  slotsTaken: z.number().nullable(),
  slots: z.number(),
  jobs: z.int(),
  named: z.array(z.looseObject({ jobId: z.string() })),
});

export const forecast = z
  .strictObject({
    jobStore: z.string(),
    from: instant,
    to: instant,
    stepMs: ms,
    paused: z.boolean(),
    executors: z.array(executor),
    worst: z.array(worst),
    jobs: z.int(),
    unreadable: z.int(),
  })
  .openapi('Forecast');
