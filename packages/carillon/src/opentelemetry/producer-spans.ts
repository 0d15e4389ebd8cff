import type { ProducedCall, ProducerSpan } from '@carillon/core';
import { type Attributes, context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { ATTRIBUTES as A, SYSTEM } from './names.js';
import { carried } from './propagation.js';

/** Calls that send a job or run, which keeps the trace. The others change existing jobs and runs. */
const SENDING: ReadonlySet<ProducedCall['operation']> = new Set([
  'addJob',
  'modifyJob',
  'enqueue',
  'runJob',
  'retryRuns',
]);

/** Begins the span of a call of a scheduler. */
export function producerSpan(tracer: Tracer, call: ProducedCall): ProducerSpan {
  const { operation, task, jobId, runId } = call;
  const name = `${operation} ${task ?? jobId ?? runId ?? call.jobStore}`;
  const kind = SENDING.has(operation) ? SpanKind.PRODUCER : SpanKind.CLIENT;
  const span = tracer.startSpan(name, { kind, attributes: attributesOf(call) });
  const within = trace.setSpan(context.active(), span);
  return {
    trace: carried(within),
    within: (work) => context.with(within, work),
    end: ({ runId, error }) => {
      if (runId !== undefined) span.setAttribute(A.messageId, runId);
      if (error !== undefined) {
        const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
        span.setAttribute(A.errorType, name);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        span.recordException({ name, message });
      }
      span.end();
    },
  };
}

function attributesOf({ operation, jobStore, task, jobId, runId, executor, count }: ProducedCall): Attributes {
  return {
    [A.system]: SYSTEM,
    [A.operationName]: operation,
    [A.jobStore]: jobStore,
    ...(SENDING.has(operation) && { [A.operationType]: 'send' }),
    ...(executor !== null && { [A.destination]: executor }),
    ...(task !== null && { [A.task]: task }),
    ...(jobId !== null && { [A.jobId]: jobId }),
    ...(runId !== undefined && { [A.messageId]: runId }),
    ...(count > 1 && { [A.batchCount]: count }),
  };
}
