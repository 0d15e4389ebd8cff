import { z } from 'zod';

/** Of which trace something is, as W3C Trace Context writes it (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

/** In a record: what is no trace context is left out, and keeps nothing from being read. */
export const traceSchema = z
  .object({ traceparent: z.string(), tracestate: z.string().optional() })
  .optional()
  .catch(undefined);
