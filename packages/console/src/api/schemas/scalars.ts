import { z } from '@hono/zod-openapi';

/** An instant: an ISO string that ends in Z. */
export const instant = z.iso.datetime().openapi({ description: 'an instant, UTC' });

/** A duration in ms. */
export const ms = z.number().openapi({ description: 'a duration, ms' });

/** Any JSON value. */
export const json = z.unknown().openapi({ description: 'any JSON value' });

/** In a query or a body: an instant with its offset. */
export const instantWithOffset = z.iso
  .datetime({ offset: true })
  .openapi({ description: 'an instant with its offset' });

/** In a body: ms, or a text such as `5m`. */
export const duration = z
  .union([z.number(), z.string()])
  .openapi({ description: 'ms, or such as "30s", "5m", "2h", "1d"' });

/** In the body of a write. */
export const reason = z
  .string()
  .min(1)
  .max(500)
  .optional()
  .openapi({ description: 'the reason, for people: events of the change have it' });

export const dryRun = z
  .enum(['true', 'false'])
  .default('false')
  .openapi({ description: 'true writes nothing, and the response is what would change' });

/** In a query, with commas between. */
export const names = z.string().max(5_000);

/** In a query. */
export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(1_000)
  .default(100)
  .openapi({ description: 'the most entries, 1 to 1000' });

export const cursor = z
  .string()
  .max(8_000)
  .optional()
  .openapi({ description: 'the `cursor` of the page before; default: the first page' });

/** In a page. */
export const nextCursor = z
  .string()
  .nullable()
  .openapi({ description: 'the cursor of the next page; null if this is the last' });
