import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../json.js';
import { type CompiledTrigger, compileTrigger, type Trigger, triggerDigest } from '../trigger/index.js';

/** A job as it is, every default filled in. */
export interface JobDefinition {
  readonly task: string;
  readonly args: readonly JsonValue[];
  readonly kwargs: JsonObject | undefined;
  readonly name: string | undefined;
  readonly trigger: Trigger;
  /** The zone the trigger was resolved with, where it reads the clock of one. */
  readonly timezone: string | undefined;
  /** When it was added, ms: the anchor of an interval without a start. */
  readonly anchor: number;
  readonly executor: string;
  readonly maxInstances: number;
  readonly misfireGraceMs: number | null;
  readonly coalesce: boolean;
  /** Added with `replaceExisting`: leaves a tombstone when it finishes. */
  readonly replaceExisting: boolean;
}

/** What `next` of the job's trigger is asked of. */
export function compileJob(id: string, definition: JobDefinition): CompiledTrigger {
  const { trigger, timezone, anchor } = definition;
  return compileTrigger(trigger, { jobId: id, timezone, now: new Date(anchor) });
}

export function digestOf(definition: Pick<JobDefinition, 'trigger' | 'timezone'>): string {
  return triggerDigest(definition.trigger, definition.timezone);
}

/** The same for the same fire of the same trigger, whoever computes it; after a reschedule it is another. */
export function runIdOf(jobId: string, generation: number, fireTime: number): string {
  return createHash('sha256').update(`${generation} ${fireTime} ${jobId}`).digest('base64url').slice(0, 22);
}

/** What a run keeps of its job, for the worker. */
export interface RunPayload {
  readonly task: string;
  readonly args: readonly JsonValue[];
  readonly kwargs?: JsonObject | undefined;
  /** How long one execution may take; left out: no limit. */
  readonly timeoutMs?: number | undefined;
}

export function payloadOf({ task, args, kwargs }: Pick<JobDefinition, 'task' | 'args' | 'kwargs'>): string {
  return JSON.stringify({ task, args, kwargs } satisfies RunPayload);
}
