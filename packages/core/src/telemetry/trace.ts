import { z } from 'zod';

/** The trace of something, as W3C Trace Context writes it (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

/** In a record: what is not a trace context is left out, and keeps nothing from being read. */
export const traceSchema = z
  .object({ traceparent: z.string(), tracestate: z.string().optional() })
  .optional()
  .catch(undefined);
