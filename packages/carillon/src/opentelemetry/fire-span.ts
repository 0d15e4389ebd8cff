import type { ObservedFire } from '@carillon/core';
import { ROOT_CONTEXT, SpanKind, type Tracer } from '@opentelemetry/api';
import { ATTRIBUTES as A, SYSTEM } from './names.js';
import { spanContextOf } from './propagation.js';

/**
 * Records that a leader submitted a run, with a span that begins when its job was due. It begins a trace, linked to the call that added
 * or last changed the job.
 * @param notTraced how many fires were not traced before it
 */
export function recordFire(tracer: Tracer, fire: ObservedFire, notTraced: number): void {
  const { jobStore, executor, task, jobId, runId, scheduledRunTime, dueAt, submittedAt, trace } = fire;
  const linked = spanContextOf(trace);
  const options = {
    kind: SpanKind.PRODUCER,
    root: true,
    startTime: dueAt,
    links: linked ? [{ context: linked }] : [],
    attributes: {
      [A.system]: SYSTEM,
      [A.operationName]: 'fire',
      [A.operationType]: 'send',
      [A.destination]: executor,
      [A.messageId]: runId,
      [A.trigger]: 'timer',
      [A.time]: scheduledRunTime.toISOString(),
      [A.jobStore]: jobStore,
      [A.task]: task,
      [A.jobId]: jobId,
      ...(notTraced > 0 && { [A.notTraced]: notTraced }),
    },
  };
  // The clocks of Redis and of the coordinator differ.
  tracer.startSpan(`fire ${task}`, options, ROOT_CONTEXT).end(Math.max(dueAt, submittedAt));
}
