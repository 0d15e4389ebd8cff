import { z } from '@hono/zod-openapi';
import { instant } from './scalars.js';

const recentOutcome = z.strictObject({
  outcome: z.enum(['executed', 'error', 'cancelled', 'max_instances', 'missed', 'coalesced']),
  scheduledRunTime: instant.openapi({ description: 'the fire time, or the first of several' }),
  until: instant.nullable().openapi({ description: 'the last of several; null: it is one' }),
  asked: z.boolean().openapi({ description: 'a caller asked for this run' }),
});

export const outcomesOfJob = z
  .strictObject({ jobId: z.string(), outcomes: z.array(recentOutcome) })
  .openapi('OutcomesOfJob');
