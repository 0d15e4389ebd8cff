import type { ProducedCall, ProducerSpan } from '@carillon/core';
import { type Attributes, context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { ATTRIBUTES as A, SYSTEM } from './names.js';
import { carried } from './propagation.js';

/** A call that adds or changes jobs, or asks for runs. */
export function producerSpan(tracer: Tracer, call: ProducedCall): ProducerSpan {
  const { operation, task, jobId } = call;
  const name = `${operation} ${task ?? jobId ?? call.jobStore}`;
  const span = tracer.startSpan(name, { kind: SpanKind.PRODUCER, attributes: attributesOf(call) });
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

function attributesOf({ operation, jobStore, task, jobId, executor, count }: ProducedCall): Attributes {
  return {
    [A.system]: SYSTEM,
    [A.operationName]: operation,
    [A.operationType]: 'send',
    [A.jobStore]: jobStore,
    ...(executor !== null && { [A.destination]: executor }),
    ...(task !== null && { [A.task]: task }),
    ...(jobId !== null && { [A.jobId]: jobId }),
    ...(count !== 1 && { [A.batchCount]: count }),
  };
}
