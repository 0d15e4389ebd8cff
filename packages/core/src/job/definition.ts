import { hash } from 'node:crypto';
import { idOfText } from '../id.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Overlap } from '../ports/ledger.js';
import type { TraceContext } from '../telemetry/trace.js';
import { type Trigger, triggerDigest } from '../trigger/index.js';
import type { Since } from './account.js';
import type { AccountLimits } from './account-limits.js';
import type { HistoryPolicy } from './history.js';
import type { RetryPolicy } from './retry.js';

/** A job as it is, every default filled in. */
export interface JobDefinition {
  readonly task: string;
  readonly args: readonly JsonValue[];
  readonly kwargs: JsonObject | undefined;
  readonly name: string | undefined;
  /** Sorted, each once. */
  readonly tags: readonly string[];
  readonly description: string | undefined;
  readonly trigger: Trigger;
  /** The zone the trigger was resolved with, where it reads the clock of one. */
  readonly timezone: string | undefined;
  /** When it was added, ms: the anchor of an interval without a start. */
  readonly anchor: number;
  readonly executor: string;
  readonly maxInstances: number;
  readonly misfireGraceMs: number | null;
  readonly coalesce: boolean;
  readonly overlap: Overlap;
  readonly priority: number;
  /** Of one execution; null: no limit. */
  readonly timeoutMs: number | null;
  readonly retry: RetryPolicy | null;
  /** null: only the last outcome is kept. */
  readonly history: HistoryPolicy | null;
  /** null: as much as the job store keeps of any job. */
  readonly account: AccountLimits | null;
  /** How many fire times there are to be, as it was given; null: no limit. */
  readonly maxRuns: number | null;
  /** The last of them, ms; null: no limit, or a paused job. */
  readonly lastFireTime: number | null;
  /** How many of them are left to a paused job. */
  readonly runsLeft: number | null;
  /** Added with `replaceExisting`: leaves a tombstone when it finishes. */
  readonly replaceExisting: boolean;
  /** Metrics report it by its id. */
  readonly metrics: boolean;
  /** Of the revision that it is; undefined: an older release made it. */
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
