import { z } from '@hono/zod-openapi';

/** An instant: an ISO string that ends in Z. */
export const instant = z.iso.datetime().openapi({ description: 'an instant, UTC' });

/** A duration in ms. */
export const ms = z.number().openapi({ description: 'a duration, ms' });

/** Any JSON value. */
export const json = z.unknown().openapi({ description: 'any JSON value' });

/** In a query. */
export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(1_000)
  .default(100)
  .openapi({ description: 'how many at most, 1 to 1000' });

export const cursor = z
  .string()
  .max(1_000)
  .optional()
  .openapi({ description: 'from the page before; left out: the first page' });

/** In a page. */
export const nextCursor = z
  .string()
  .nullable()
  .openapi({ description: 'where the next page begins; null: there is none' });
