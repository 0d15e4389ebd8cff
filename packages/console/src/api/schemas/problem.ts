import { z } from '@hono/zod-openapi';

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'what is wrong, and what to do' }),
    code: z.string().openapi({ description: 'what went wrong, for programs' }),
  })
  .openapi('Problem');
