import type { Telemetry } from '@carillon/core';
import { type TracerProvider, trace } from '@opentelemetry/api';
import { executionSpan } from './execution-spans.js';
import { recordFire } from './fire-span.js';
import { producerSpan } from './producer-spans.js';

/**
 * Traces calls of schedulers, fires of jobs and executions of runs, with `@opentelemetry/api`, which is to be installed. Give the answer as
 * `telemetry` to the schedulers, coordinators and workers of this process. Set up the SDK first, with a context manager and the propagator of W3C
 * Trace Context, as `NodeSDK` does.
 * @param provider where it is left out, the one that is registered globally
 */
export function tracing({ provider }: { readonly provider?: TracerProvider | undefined } = {}): Telemetry {
  // As it is asked for: an SDK may be registered later.
  const tracer = () => (provider ?? trace).getTracer('carillon');
  return {
    producing: (call) => producerSpan(tracer(), call),
    fired: (fire) => recordFire(tracer(), fire),
    executing: (execution) => executionSpan(tracer(), execution),
  };
}
