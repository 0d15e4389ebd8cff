import type { Telemetry } from '@carillon/core';
import type { TracerProvider } from '@opentelemetry/api';
import { executionSpan, goesOn } from './execution-spans.js';
import { recordFire } from './fire-span.js';
import { producerSpan } from './producer-spans.js';
import { TraceRate } from './trace-rate.js';
import { Tracers } from './tracers.js';
import { Untraced } from './untraced.js';

/** Options of `tracing`. */
export interface TracingOptions {
  /** The tracer provider; where it is left out, the one that is registered globally. */
  readonly provider?: TracerProvider | undefined;
  /**
   * How many runs that begin a trace this process traces in a second, and how many fires: 100 of each where it is left out, `Infinity` for
   * all of them, 0 for none. A run that was enqueued within a trace continues it, and is not counted. `carillon.not_traced` of the next
   * span says how many were not traced before it.
   */
  readonly tracesPerSecond?: number | undefined;
}

/**
 * Traces calls of schedulers, fires of jobs and executions of runs, with `@opentelemetry/api`, which is to be installed. Pass the returned
 * object as `telemetry` to the schedulers, coordinators and workers of this process. Set up the SDK first, with a context manager and the
 * propagator of W3C Trace Context, as `NodeSDK` does. As long as there is no SDK, nothing is traced.
 * @throws RangeError if `tracesPerSecond` is not a number of at least 0
 */
export function tracing({ provider, tracesPerSecond = 100 }: TracingOptions = {}): Telemetry {
  checkRate(tracesPerSecond);
  const tracers = new Tracers(provider);
  const rates = { fires: new TraceRate(tracesPerSecond), runs: new TraceRate(tracesPerSecond) };
  /** How many fires before the one that is to be traced were not. */
  let firesNotTraced = 0;
  return {
    isTracing: () => tracers.current !== undefined,
    producing: (call) => {
      const tracer = tracers.current;
      return tracer && producerSpan(tracer, call);
    },
    firing: (at) => {
      const notTraced = rates.fires.take(at);
      firesNotTraced = notTraced ?? 0;
      return notTraced !== null;
    },
    fired: (fire) => {
      const tracer = tracers.current;
      if (tracer) recordFire(tracer, fire, firesNotTraced);
    },
    executing: (execution) => {
      const tracer = tracers.current;
      if (!tracer) return undefined;
      const notTraced = goesOn(execution) ? 0 : rates.runs.take(execution.startedAt);
      return notTraced === null ? new Untraced() : executionSpan(tracer, execution, notTraced);
    },
  };
}

function checkRate(perSecond: number): void {
  if (typeof perSecond === 'number' && perSecond >= 0) return;
  throw new RangeError(
    `tracing: tracesPerSecond ${String(perSecond)} is not a number from 0 on: give 100, or Infinity to trace all runs`,
  );
}
