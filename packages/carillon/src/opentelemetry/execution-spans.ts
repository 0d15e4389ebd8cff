import type { BegunExecution, EndedExecution, ExecutionSpan, TraceContext } from '@carillon/core';
import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ATTRIBUTES as A, LOGGED, SYSTEM } from './names.js';
import { carried, contextOf, spanContextOf } from './propagation.js';

/** Whether a run continues the trace of the call that enqueued it. All other runs begin a trace. */
export function goesOn({ jobId, trace }: BegunExecution): boolean {
  return jobId === null && trace !== undefined;
}

/** The span of an execution of a run. @param notTraced how many runs were not traced before it */
export function executionSpan(tracer: Tracer, execution: BegunExecution, notTraced: number): ExecutionSpan {
  return new RecordedSpan(begun(tracer, execution, notTraced));
}

class RecordedSpan implements ExecutionSpan {
  readonly #span: Span;
  readonly #context: Context;

  constructor(span: Span) {
    this.#span = span;
    this.#context = trace.setSpan(ROOT_CONTEXT, span);
  }

  get logged(): Readonly<Record<string, string>> {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return {
      [LOGGED.traceId]: traceId,
      [LOGGED.spanId]: spanId,
      [LOGGED.traceFlags]: traceFlags.toString(16).padStart(2, '0'),
    };
  }

  get trace(): TraceContext | undefined {
    return carried(this.#context);
  }

  within<T>(call: () => T): T {
    return context.with(this.#context, call);
  }

  end({ outcome, error }: EndedExecution): void {
    const span = this.#span;
    span.setAttribute(A.outcome, outcome);
    if (error) {
      span.setAttribute(A.errorType, error.code ?? error.name);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      span.recordException({ name: error.name, message: error.message, stack: error.stack ?? '' });
    }
    span.end();
  }
}

/**
 * An enqueued run continues the trace of its caller. A run of a job begins a trace, linked to the call that added or last changed the job.
 */
function begun(tracer: Tracer, execution: BegunExecution, notTraced: number): Span {
  const { task, jobId, trace: kept } = execution;
  const options = { kind: SpanKind.CONSUMER, attributes: attributesOf(execution, notTraced) };
  if (jobId === null) return tracer.startSpan(`run ${task}`, options, contextOf(kept));
  const linked = spanContextOf(kept);
  const links = linked ? [{ context: linked }] : [];
  return tracer.startSpan(`run ${task}`, { ...options, root: true, links }, ROOT_CONTEXT);
}

function attributesOf(execution: BegunExecution, notTraced: number): Attributes {
  const { jobStore, executor, task, runId, executionId, jobId, attempt, scheduledRunTime } = execution;
  return {
    [A.system]: SYSTEM,
    [A.operationName]: 'run',
    [A.operationType]: 'process',
    [A.destination]: executor,
    [A.messageId]: runId,
    [A.trigger]: jobId === null ? 'pubsub' : 'timer',
    [A.time]: scheduledRunTime.toISOString(),
    [A.invocationId]: executionId,
    [A.jobStore]: jobStore,
    [A.task]: task,
    [A.attempt]: attempt,
    ...(jobId !== null && { [A.jobId]: jobId }),
    ...(notTraced > 0 && { [A.notTraced]: notTraced }),
  };
}
