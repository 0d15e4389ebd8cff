import { z } from '@hono/zod-openapi';

/** What was done with many jobs. */
export const bulkOutcome = z
  .strictObject({
    matched: z.int(),
    done: z.int(),
    unchanged: z.int().openapi({ description: 'jobs that were skipped: already in that state, or no longer matched' }),
    refused: z.int(),
    refusals: z
      .array(z.strictObject({ jobId: z.string(), why: z.string() }))
      .openapi({ description: 'the first 100 of those' }),
  })
  .openapi('BulkOutcome');
