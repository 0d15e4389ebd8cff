import { z } from '@hono/zod-openapi';

const store = z.string().openapi({ description: 'the alias of a job store' });

/** In the path of what is in a job store. */
export const inStore = z.object({ store });
