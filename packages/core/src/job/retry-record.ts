import { z } from 'zod';
import { DEFAULT_BACKOFF, fillBackoff, type RetryPolicy } from './retry.js';

/** How a retry policy is written: what differs from the defaults. Read, it is complete. */
export const retryRecordSchema = z
  .strictObject({
    attempts: z.int().min(1),
    type: z.literal('fixed').optional(),
    delay: z.int().min(0).optional(),
    maxDelay: z.int().min(0).optional(),
    jitter: z.number().min(0).max(1).optional(),
    unless: z.array(z.string()).min(1).optional(),
  })
  .transform(({ attempts, unless, ...backoff }): RetryPolicy => {
    return { attempts, backoff: fillBackoff(backoff), ...(unless && { unless }) };
  });

export function retryRecord({ attempts, backoff, unless }: RetryPolicy): z.input<typeof retryRecordSchema> {
  const { type, delay, maxDelay, jitter } = backoff;
  const usual = fillBackoff({ delay });
  return {
    attempts,
    type: type === 'fixed' ? type : undefined,
    delay: delay === DEFAULT_BACKOFF.delay ? undefined : delay,
    maxDelay: maxDelay === usual.maxDelay ? undefined : maxDelay,
    jitter: jitter === DEFAULT_BACKOFF.jitter ? undefined : jitter,
    unless: unless && [...unless],
  };
}
