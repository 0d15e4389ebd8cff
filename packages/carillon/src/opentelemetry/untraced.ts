import { randomBytes } from 'node:crypto';
import type { ExecutionSpan, TraceContext } from '@carillon/core';
import { type Context, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { carried } from './propagation.js';

/** The beginning of the ids of this process. A counter follows it, which is cheaper than a random number. */
const FRONT = randomBytes(8).toString('hex');
let count = 0;

/**
 * An execution that is not traced, and the context of its task, which is marked as not sampled. Otherwise spans of the task itself
 * would begin traces of their own, so that each run would be traced after all. The ids are created when the context is read, as most
 * tasks never read it.
 */
export class Untraced implements ExecutionSpan, Context {
  readonly logged = undefined;
  #made: Context | undefined;

  get trace(): TraceContext | undefined {
    return carried(this);
  }

  within<T>(call: () => T): T {
    return context.with(this, call);
  }

  getValue(key: symbol): unknown {
    return this.#context.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#context.setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#context.deleteValue(key);
  }

  get #context(): Context {
    this.#made ??= unsampled();
    return this.#made;
  }
}

function unsampled(): Context {
  count += 1;
  const spanId = count.toString(16).padStart(16, '0');
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: FRONT + spanId, spanId, traceFlags: TraceFlags.NONE });
}
