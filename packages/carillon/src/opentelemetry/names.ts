/**
 * Attributes of spans: those of the semantic conventions for messaging
 * (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/) and for functions
 * (https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/), and our own.
 */
export const ATTRIBUTES = {
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  /** The executor. */
  destination: 'messaging.destination.name',
  /** The run. */
  messageId: 'messaging.message.id',
  batchCount: 'messaging.batch.message_count',
  /** `timer`: the run is of a job, by its trigger or `runJob`. `pubsub`: it was enqueued. */
  trigger: 'faas.trigger',
  /** The fire time. */
  time: 'faas.time',
  /** The execution. */
  invocationId: 'faas.invocation_id',
  errorType: 'error.type',
  jobStore: 'carillon.job_store',
  jobId: 'carillon.job.id',
  task: 'carillon.task',
  attempt: 'carillon.attempt',
  outcome: 'carillon.outcome',
  /** How many runs, or fires, were not traced since the last traced one: see `tracesPerSecond`. */
  notTraced: 'carillon.not_traced',
} as const;

export const SYSTEM = 'carillon';

/** Fields of the lines that a task logs, with the names of OpenTelemetry's instrumentations. */
export const LOGGED = { traceId: 'trace_id', spanId: 'span_id', traceFlags: 'trace_flags' } as const;
