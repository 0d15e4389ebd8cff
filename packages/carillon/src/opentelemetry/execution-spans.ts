import type { BegunExecution, ExecutionSpan } from '@carillon/core';
import {
  type Attributes,
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

/** An execution of a run. */
export function executionSpan(tracer: Tracer, execution: BegunExecution): ExecutionSpan {
  const span = begun(tracer, execution);
  const { traceId, spanId, traceFlags } = span.spanContext();
  const within = trace.setSpan(ROOT_CONTEXT, span);
  return {
    logged: {
      [LOGGED.traceId]: traceId,
      [LOGGED.spanId]: spanId,
      [LOGGED.traceFlags]: traceFlags.toString(16).padStart(2, '0'),
    },
    get trace() {
      return carried(within);
    },
    within: (call) => context.with(within, call),
    end: ({ outcome, error }) => {
      span.setAttribute(A.outcome, outcome);
      if (error) {
        span.setAttribute(A.errorType, error.code ?? error.name);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        span.recordException({ name: error.name, message: error.message, stack: error.stack ?? '' });
      }
      span.end();
    },
  };
}

/** One that was enqueued goes on with the trace of who did. One of a job begins a trace, linked to who added or last changed the job. */
function begun(tracer: Tracer, execution: BegunExecution): Span {
  const { task, jobId, trace: kept } = execution;
  const options = { kind: SpanKind.CONSUMER, attributes: attributesOf(execution) };
  if (jobId === null) return tracer.startSpan(`run ${task}`, options, contextOf(kept));
  const linked = spanContextOf(kept);
  const links = linked ? [{ context: linked }] : [];
  return tracer.startSpan(`run ${task}`, { ...options, root: true, links }, ROOT_CONTEXT);
}

function attributesOf(execution: BegunExecution): Attributes {
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
  };
}
