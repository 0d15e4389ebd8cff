import type { ErrorInfo } from '@carillon/core';
import { z } from '@hono/zod-openapi';
import type { Caller } from '../../auth/identity.js';

export const errorSchema = z
  .strictObject({
    name: z.string(),
    message: z.string(),
    code: z.string().optional(),
    stack: z.string().optional(),
  })
  .openapi('Error');

/** In place of a text that the caller is not shown. */
export const REDACTED = '[redacted]';

/** What the caller is shown of an error. */
export function errorJson(error: ErrorInfo, { redact }: Pick<Caller, 'redact'>): ErrorInfo {
  return redact.has('errors') ? { name: error.name, message: REDACTED } : error;
}
