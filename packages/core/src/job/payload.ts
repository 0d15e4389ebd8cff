import { z } from 'zod';
import type { JsonObject, JsonValue } from '../json.js';
import { type TraceContext, traceSchema } from '../telemetry/trace.js';
import type { JobDefinition } from './definition.js';
import { type ReadBy, ROWS, storedOf, writeFields } from './field-values.js';
import { argsSchema, kwargsSchema, taskNameSchema } from './schemas.js';
import { type Timing, timingSchema } from './timing.js';

type ForWorker = ReadBy<'worker'>;

/** What a run keeps of its job, for the worker. A field of the job that has its default is left out. */
export interface RunPayload extends WorkerFields {
  readonly task: string;
  readonly args: readonly JsonValue[];
  readonly kwargs?: JsonObject | undefined;
  /** Of the call that enqueued it, or that added or last changed its job. */
  readonly trace?: TraceContext | undefined;
  /** Of what named its fire times; left out: a caller asked for the run. */
  readonly timing?: Timing | undefined;
}

type WorkerFields = { readonly [K in keyof ForWorker]?: NonNullable<ForWorker[K]> | undefined };

/** Reads what `encodePayload` wrote. */
export const runPayloadSchema = z.object({
  task: taskNameSchema,
  args: argsSchema,
  kwargs: kwargsSchema.optional(),
  ...storedOf('worker'),
  trace: traceSchema,
  // It does not keep the run from starting.
  timing: timingSchema.optional().catch(undefined),
}) satisfies z.ZodType<RunPayload>;

/** What a call is and how it is executed. */
export type Executable = Pick<JobDefinition, 'task' | 'args' | 'kwargs' | 'trace' | 'unknown'> & ForWorker;

const WORKER_ROWS = ROWS.filter(({ readBy }) => readBy?.includes('worker'));

/**
 * The payload of a run into which fire times from `first` on (ms) were coalesced.
 * @param payload that of a run of the same job that coalesces nothing. Its last member is `timing`, of which `from` is the last member.
 */
export function payloadFrom(payload: string, first: number): string {
  return `${payload.slice(0, -2)},"from":${first}}}`;
}

/** What the worker gets to read of a run; `timing` of one that a trigger named. */
export function encodePayload(call: Executable, timing?: Timing): string {
  const { task, args, kwargs, trace, unknown } = call;
  const fields: Record<string, unknown> = {};
  writeFields(WORKER_ROWS, call, fields);
  return JSON.stringify({ ...unknown, task, args, kwargs, ...fields, trace, timing });
}
