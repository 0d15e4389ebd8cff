import { z } from 'zod';
import { InvalidOptionsError } from '../errors.js';
import type { JsonValue } from '../json.js';
import { shown } from '../shown.js';
import type { CarillonEvent, EventType, ServedExecutor } from './events.js';

/** Times travel as milliseconds since 1970, and are dates once they are read. */
const time = z.int().transform((ms) => new Date(ms));
const json = z.json().transform((value) => value as JsonValue);

const ofJob = { jobId: z.string() };
const optional = { executor: z.string().exactOptional(), retryOf: z.string().exactOptional() };
const ofRun = { jobId: z.string().nullable(), runId: z.string(), task: z.string(), ...optional };
const ofExecution = { ...ofRun, executionId: z.string(), scheduledRunTime: time };
const range = { first: time, last: time };
const submission = {
  scheduledRunTimes: z.array(time),
  coalesced: z.object(range).nullable(),
  asked: z.literal(true).exactOptional(),
};
const tagged = { tags: z.array(z.string()).exactOptional() };
const asked = { actor: z.string().exactOptional(), reason: z.string().exactOptional() };
const ofTerm = { coordinatorId: z.string(), epoch: z.int() };
const error = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  stack: z.string().optional(),
});

/** Workers of the first version had no kinds but one, and did not name it. Newer workers may have more. */
export const servedExecutorSchema = z.object({
  alias: z.string(),
  kind: z.enum(['async', 'thread', 'process', 'unknown']).default('async').catch('unknown'),
  concurrency: z.int(),
}) satisfies z.ZodType<ServedExecutor>;

function event<Type extends EventType, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.object({ v: z.literal(1), seq: z.int(), type: z.literal(type), at: time, jobStore: z.string(), ...shape });
}

/** The wire form of every event. Members that this version does not know are ignored. */
export const eventSchema = z.discriminatedUnion('type', [
  event('scheduler_started', { coordinatorId: z.string() }),
  event('scheduler_shutdown', { coordinatorId: z.string() }),
  event('scheduler_paused', asked),
  event('scheduler_resumed', asked),
  event('jobstore_added', asked),
  event('jobstore_removed', asked),
  event('jobstore_emptied', { coordinatorId: z.string() }),
  event('all_jobs_removed', { count: z.int(), ...asked }),
  event('job_added', { ...ofJob, task: z.string(), ...tagged, nextRunTime: time.nullable(), ...asked }),
  event('job_modified', { ...ofJob, task: z.string(), ...tagged, nextRunTime: time.nullable(), ...asked }),
  event('job_paused', { ...ofJob, ...asked }),
  event('job_resumed', { ...ofJob, nextRunTime: time, ...asked }),
  event('job_removed', { ...ofJob, cause: z.enum(['removed', 'finished']), ...asked }),
  event('job_submitted', { ...ofRun, ...submission, ...asked }),
  event('job_max_instances', { ...ofRun, ...submission, ...asked }),
  event('job_missed', {
    jobId: z.string().nullable(),
    task: z.string(),
    runId: z.string().nullable(),
    ...optional,
    ...range,
    ...asked,
  }),
  event('job_started', { ...ofRun, workerId: z.string(), attempt: z.int() }),
  event('job_executed', { ...ofExecution, value: json, valueOmitted: z.literal(true).exactOptional() }),
  event('job_error', { ...ofExecution, error }),
  event('job_retrying', { ...ofExecution, attempt: z.int(), error, retryAt: time }),
  event('job_cancelled', { ...ofExecution, ...asked }),
  event('job_quarantined', { record: z.enum(['job', 'run']), id: z.string(), why: z.string() }),
  event('quarantine_removed', { id: z.string(), ...asked }),
  event('leader_elected', { ...ofTerm, formerAliveUntil: time.exactOptional() }),
  event('leader_lost', { ...ofTerm, reason: z.enum(['shutdown', 'lease_lost', 'handed_over']) }),
  event('worker_joined', {
    workerId: z.string(),
    executors: z.array(servedExecutorSchema),
    tasks: z.array(z.string()),
  }),
  event('executor_added', { workerId: z.string(), ...servedExecutorSchema.shape }),
  event('executor_removed', { workerId: z.string(), ...servedExecutorSchema.shape }),
  event('worker_left', { workerId: z.string(), cause: z.enum(['stopped', 'lost']) }),
]) satisfies z.ZodType<CarillonEvent>;

/** All event types, as channel names have them. */
export const EVENT_TYPES: readonly EventType[] = eventSchema.options.map((option) => option.shape.type.value);

/** Returns the JSON Schema of the wire form of every event. */
export function eventJsonSchema(): object {
  const schema = z.toJSONSchema(eventSchema, { io: 'input' });
  return { $id: 'carillon/events.schema.json', title: 'An event of Carillon, as it is published', ...schema };
}

/** @throws InvalidOptionsError if one of them is not an event type. */
export function checkEventTypes<Type extends EventType>(types: readonly Type[]): readonly Type[] {
  if (!Array.isArray(types)) throw new InvalidOptionsError(`types: ${shown(types)} is not an array of event types`);
  const unknown = types.filter((type: Type) => !EVENT_TYPES.includes(type));
  if (unknown.length === 0) return types;
  throw new InvalidOptionsError(
    `no such event: ${unknown.map((type) => (typeof type === 'string' ? type : shown(type))).join(', ')}; there are ${EVENT_TYPES.join(', ')}`,
  );
}

/** Returns the event of a message, or null if this version does not know it. */
export function parseEvent(message: string): CarillonEvent | null {
  try {
    const parsed = JSON.parse(message);
    const { data } = eventSchema.safeParse(parsed);
    if (!data) return null;
    // As it came: a copy would have lost a key `__proto__`.
    return data.type === 'job_executed' ? { ...data, value: parsed.value } : data;
  } catch {
    return null;
  }
}
