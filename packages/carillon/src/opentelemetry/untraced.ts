import { randomBytes } from 'node:crypto';
import type { ExecutionSpan, TraceContext } from '@carillon/core';
import { type Context, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { carried } from './propagation.js';

/** With which the ids of this process begin. Those that follow are counted: that is the cheapest. */
const FRONT = randomBytes(8).toString('hex');
let count = 0;

/**
 * An execution that is not traced, and the context of its task, which says so: what the task itself has traced would begin a trace of its
 * own otherwise, and each run would be traced after all. Most tasks never look at it, and only then are there ids.
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
