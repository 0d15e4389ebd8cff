import type { TraceContext } from '@carillon/core';
import { type Context, propagation, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';

/** The part of a context that a job or run keeps, as the propagator of the SDK writes it; undefined if there is none. */
export function carried(of: Context): TraceContext | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(of, carrier);
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** Rebuilds a context from the part that was kept; without one, a context without a span. */
export function contextOf(carried: TraceContext | undefined): Context {
  return carried ? propagation.extract(ROOT_CONTEXT, carried) : ROOT_CONTEXT;
}

export function spanContextOf(carried: TraceContext | undefined): SpanContext | undefined {
  return trace.getSpanContext(contextOf(carried));
}
