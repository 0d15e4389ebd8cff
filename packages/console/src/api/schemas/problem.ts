import { z } from '@hono/zod-openapi';

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'what is wrong, and what to do' }),
    code: z.string().openapi({ description: 'what went wrong, for programs' }),
    issues: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({
        description: 'of INVALID_ARGUMENTS: each thing that is wrong, with its path, such as `args[0].email`',
      }),
  })
  .openapi('Problem');
