import { hash } from 'node:crypto';
import { idOfText } from '../id.js';
import type { JsonObject } from '../json.js';
import type { TraceContext } from '../telemetry/trace.js';
import { triggerDigest } from '../trigger/index.js';
import type { Since } from './account.js';
import type { JobValues } from './field-values.js';

/** A job as it is, every default filled in. `fields.ts` has its fields. */
export interface JobDefinition extends JobValues {
  /** Of the revision that it is; undefined if an older release made it. */
  readonly since?: Since | undefined;
  /** Of the call that added or last changed it. */
  readonly trace?: TraceContext | undefined;
  /** Members of its record that a newer release wrote: they stay as they are, and go into the bodies of its runs. */
  readonly unknown?: JsonObject | undefined;
}

export function digestOf(definition: Pick<JobDefinition, 'trigger' | 'timezone'>): string {
  return triggerDigest(definition.trigger, definition.timezone);
}

/** The same for the same fire of the same trigger, whichever process computes it; after a reschedule it is another. */
export function runIdOf(jobId: string, generation: number, fireTime: number): string {
  return idOfText(hash('sha256', `${generation} ${fireTime} ${jobId}`, 'base64url')).slice(0, 22);
}
