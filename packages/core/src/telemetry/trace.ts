import { z } from 'zod';

/** A trace in the form of W3C Trace Context (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

/** The trace of a record. A value that is not a trace context is ignored, and the rest of the record is read. */
export const traceSchema = z
  .object({ traceparent: z.string(), tracestate: z.string().optional() })
  .optional()
  .catch(undefined);
