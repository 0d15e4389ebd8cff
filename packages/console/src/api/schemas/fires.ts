import type { Preview } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import { instant } from './scalars.js';

export const fires = z
  .strictObject({
    fires: z.array(
      z.strictObject({ at: instant, due: instant.openapi({ description: 'later than `at` by its jitter' }) }),
    ),
    warnings: z.array(
      z.looseObject({ kind: z.string(), changeAt: instant, timezone: z.string(), message: z.string() }),
    ),
  })
  .openapi('Fires', { description: 'fire times, and what clock changes do to the trigger within a year' });

export function firesJson({ fireTimes, warnings }: Preview, delayMs: (at: Date) => number): object {
  return { fires: fireTimes.map((at) => ({ at, due: new Date(at.getTime() + delayMs(at)) })), warnings };
}
