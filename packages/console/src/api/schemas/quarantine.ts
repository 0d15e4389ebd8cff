import type { QuarantinedRecord } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { REDACTED } from './error.js';
import { instant } from './scalars.js';

export const quarantined = z
  .strictObject({
    id: z.string(),
    jobStore: z.string(),
    kind: z.enum(['job', 'other']),
    why: z.string(),
    at: instant.nullable(),
    raw: z.string().nullable().openapi({ description: 'the record as it was' }),
    movedTo: z.string().nullable(),
    restorable: z.boolean(),
    redacted: z.literal(true).optional(),
  })
  .openapi('QuarantinedRecord');

/** A record has arguments and results in it, wherever these are; why it cannot be read quotes it. */
export function quarantinedJson(one: QuarantinedRecord, { redact }: Pick<Caller, 'redact'>): object {
  return redact.size === 0 ? one : { ...one, why: REDACTED, raw: null, redacted: true };
}
