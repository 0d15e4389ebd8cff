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
  /** The tracer provider; default: the one that is registered globally. */
  readonly provider?: TracerProvider | undefined;
  /**
   * How many runs of this process may begin a trace each second on average, and how many fires; default: 100 of each. That number may also begin
   * at once. `Infinity` traces all of them, 0 none. A run that was enqueued within a trace continues it, and does not count.
   * `carillon.not_traced` of the next span has the number of those that were not traced before it.
   */
  readonly tracesPerSecond?: number | undefined;
}

/**
 * Traces calls of schedulers, fires of jobs and executions of runs, with the package `@opentelemetry/api`, which has to be installed.
 * Pass the returned object as `telemetry` to the schedulers, coordinators and workers of this process. Set up the SDK first, with a
 * context manager and the propagator of W3C Trace Context, as `NodeSDK` does. Without an SDK, nothing is traced.
 * @throws RangeError if `tracesPerSecond` is not a number of at least 0
 */
export function tracing({ provider, tracesPerSecond = 100 }: TracingOptions = {}): Telemetry {
  checkRate(tracesPerSecond);
  const tracers = new Tracers(provider);
  const rates = { fires: new TraceRate(tracesPerSecond), runs: new TraceRate(tracesPerSecond) };
  /** How many fires were not traced since the last traced one. */
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
