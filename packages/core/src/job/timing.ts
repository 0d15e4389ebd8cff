import { z } from 'zod';
import { type Trigger, usesAnchor } from '../trigger/index.js';
import { previousFireTime } from '../trigger/previous.js';
import type { JobDefinition } from './definition.js';
import { compileUnlimited } from './limit.js';

/** What a run keeps of the trigger that named its fire times. */
export interface Timing {
  /** As the job has it; the caller checks it. */
  readonly trigger: Trigger;
  readonly timezone?: string | undefined;
  /** See `JobDefinition`; left out where the trigger does not depend on it. */
  readonly anchor?: number | undefined;
  /** The first fire time that was coalesced into the run, ms; left out: none was. */
  readonly from?: number | undefined;
}

export const timingSchema = z.object({
  trigger: z.custom<Trigger>((value) => typeof value === 'object' && value !== null),
  timezone: z.string().optional(),
  anchor: z.int().optional(),
  from: z.int().optional(),
}) satisfies z.ZodType<Timing>;

export function timingOf(
  { trigger, timezone, anchor }: Pick<JobDefinition, 'trigger' | 'timezone' | 'anchor'>,
  from?: number,
): Timing {
  return { trigger, timezone, anchor: usesAnchor(trigger) ? anchor : undefined, from };
}

/**
 * The last fire time that the trigger names before all those that an execution covers; null if there is none, or nothing is known of a
 * trigger.
 * @throws InvalidTriggerError if a newer release wrote the trigger
 */
export function previousOf(timing: Timing | undefined, jobId: string | null, fireTime: Date): Date | null {
  if (!timing || jobId === null) return null;
  const { trigger, timezone, anchor = 0, from = fireTime.getTime() } = timing;
  const previous = previousFireTime(compileUnlimited(jobId, { trigger, timezone, anchor }), from);
  return previous === null ? null : new Date(previous);
}
