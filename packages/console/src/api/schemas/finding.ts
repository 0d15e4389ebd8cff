import type { Finding } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';
import { REDACTED } from './error.js';

export const finding = z
  .strictObject({
    level: z.enum(['error', 'warning']),
    code: z.string().openapi({ description: 'docs/cli.md has the codes: they keep their meaning' }),
    jobStore: z.string().nullable().openapi({ description: 'null: about the server' }),
    finding: z.string(),
    whatToDo: z.string(),
    redacted: z.literal(true).optional(),
  })
  .openapi('Finding');

/** Why a record cannot be read, or a module cannot be loaded, quotes what a caller may not be shown. */
const QUOTES = ['quarantine_not_empty', 'worker_serves_less'];

export function findingJson(one: Finding, { redact }: Pick<Caller, 'redact'>): object {
  return redact.size > 0 && QUOTES.includes(one.code) ? { ...one, finding: REDACTED, redacted: true } : one;
}
