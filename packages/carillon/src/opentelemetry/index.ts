import type { Telemetry } from '@carillon/core';
import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { executionSpan } from './execution-spans.js';
import { recordFire } from './fire-span.js';
import { producerSpan } from './producer-spans.js';

const NAME = 'carillon';

/**
 * Traces calls of schedulers, fires of jobs and executions of runs, with `@opentelemetry/api`, which is to be installed. Give the answer as
 * `telemetry` to the schedulers, coordinators and workers of this process. Set up the SDK first, with a context manager and the propagator of W3C
 * Trace Context, as `NodeSDK` does.
 * @param provider where it is left out, the one that is registered globally
 */
export function tracing({ provider }: { readonly provider?: TracerProvider | undefined } = {}): Telemetry {
  return {
    producing: (call) => ifAny(tracerOf(provider), (tracer) => producerSpan(tracer, call)),
    fired: (fire) => ifAny(tracerOf(provider), (tracer) => recordFire(tracer, fire)),
    executing: (execution) => ifAny(tracerOf(provider), (tracer) => executionSpan(tracer, execution)),
  };
}

/** As it is asked for: an SDK may be registered later. undefined: none is, and spans of the API alone would only take time. */
function tracerOf(provider: TracerProvider = trace.getTracerProvider()): Tracer | undefined {
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(NAME) : provider.getTracer(NAME);
}

function ifAny<Made>(tracer: Tracer | undefined, make: (tracer: Tracer) => Made): Made | undefined {
  return tracer && make(tracer);
}
