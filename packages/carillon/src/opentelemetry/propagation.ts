import type { TraceContext } from '@carillon/core';
import { type Context, propagation, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';

/** What a job or run is to carry of a context, as the propagator that the SDK has set writes it; undefined: nothing. */
export function carried(of: Context): TraceContext | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(of, carrier);
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** The context that was carried; where there was none, one of no span. */
export function contextOf(carried: TraceContext | undefined): Context {
  return carried ? propagation.extract(ROOT_CONTEXT, carried) : ROOT_CONTEXT;
}

export function spanContextOf(carried: TraceContext | undefined): SpanContext | undefined {
  return trace.getSpanContext(contextOf(carried));
}
