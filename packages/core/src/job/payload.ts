import { z } from 'zod';
import type { JsonObject, JsonValue } from '../json.js';
import { type TraceContext, traceSchema } from '../telemetry/trace.js';
import { argsSchema, kwargsSchema, taskNameSchema } from './checks.js';
import type { JobDefinition } from './definition.js';
import { DEFAULT_BACKOFF, fillBackoff, type RetryPolicy } from './retry.js';
import { type Timing, timingSchema } from './timing.js';

/** What a run keeps of its job, for the worker. */
export interface RunPayload {
  readonly task: string;
  readonly args: readonly JsonValue[];
  readonly kwargs?: JsonObject | undefined;
  /** How long one execution may take; left out: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Left out: what fails is not tried again. */
  readonly retry?: RetryPolicy | undefined;
  /** Of the call that enqueued it, or that added or last changed its job. */
  readonly trace?: TraceContext | undefined;
  /** Of what named its fire times; left out: somebody asked for it. */
  readonly timing?: Timing | undefined;
}

/** How a retry policy is written: what differs from the defaults. Read, it is complete. */
export const retryRecordSchema = z
  .strictObject({
    attempts: z.int().min(1),
    type: z.literal('fixed').optional(),
    delay: z.int().min(0).optional(),
    maxDelay: z.int().min(0).optional(),
    jitter: z.number().min(0).max(1).optional(),
    unless: z.array(z.string()).min(1).optional(),
  })
  .transform(({ attempts, unless, ...backoff }): RetryPolicy => {
    return { attempts, backoff: fillBackoff(backoff), ...(unless && { unless }) };
  });

export function retryRecord({ attempts, backoff, unless }: RetryPolicy): z.input<typeof retryRecordSchema> {
  const { type, delay, maxDelay, jitter } = backoff;
  const usual = fillBackoff({ delay });
  return {
    attempts,
    type: type === 'fixed' ? type : undefined,
    delay: delay === DEFAULT_BACKOFF.delay ? undefined : delay,
    maxDelay: maxDelay === usual.maxDelay ? undefined : maxDelay,
    jitter: jitter === DEFAULT_BACKOFF.jitter ? undefined : jitter,
    unless: unless && [...unless],
  };
}

/** Reads what `payloadOf` wrote. */
export const runPayloadSchema = z.object({
  task: taskNameSchema,
  args: argsSchema,
  kwargs: kwargsSchema.optional(),
  timeoutMs: z.int().min(1).optional(),
  retry: retryRecordSchema.optional(),
  trace: traceSchema,
  // It is no reason not to run.
  timing: timingSchema.optional().catch(undefined),
}) satisfies z.ZodType<RunPayload>;

/** What a call is and how it is to be executed. */
export type Executable = Pick<JobDefinition, 'task' | 'args' | 'kwargs' | 'timeoutMs' | 'retry' | 'trace' | 'unknown'>;

/** What the worker gets to read of a run; `timing` of one that a trigger named. */
export function payloadOf(
  { task, args, kwargs, timeoutMs, retry, trace, unknown }: Executable,
  timing?: Timing,
): string {
  return JSON.stringify({
    ...unknown,
    task,
    args,
    kwargs,
    timeoutMs: timeoutMs ?? undefined,
    retry: retry ? retryRecord(retry) : undefined,
    trace,
    timing,
  } satisfies z.input<typeof runPayloadSchema>);
}
