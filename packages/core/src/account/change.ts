import { z } from 'zod';
import type { ChangeKind } from '../job/account.js';

/** What a change of a job records. */
export interface RecordedChange {
  /** A newer release may know others. */
  readonly what: ChangeKind | (string & {});
  readonly actor: string | null;
  readonly reason: string | null;
  /** As of when it was decided, ms, where that is not when it was recorded. */
  readonly at: number | null;
  /** Of a job that was set aside: the fire time that was pending then, ms. It and later ones have no outcome until the job is back. */
  readonly owed: number | null;
  /**
   * The members of the job's record that differ, as they were before; null if there was none. null as a whole: nothing is known of how
   * it was. Empty where the job ended.
   */
  readonly was: Readonly<Record<string, unknown>> | null;
}

const given = z.string().nullish();
const changeSchema = z.object({
  what: z.string(),
  actor: given,
  reason: given,
  at: z.int().nullish(),
  owed: z.int().nullish(),
  was: z.record(z.string(), z.unknown()).nullish(),
});

/** null if it cannot be read. */
export function readChange(json: unknown): RecordedChange | null {
  const { data } = changeSchema.safeParse(json);
  if (!data) return null;
  const { what, actor = null, reason = null, at = null, owed = null, was } = data;
  return { what, actor, reason, at, owed, was: was === undefined ? {} : was };
}

/** When a revision of a job was made, by which actor and why, and from which fire time it goes on. */
export interface Since {
  /** The store's time, as it was read, ms. */
  readonly at: number;
  /** The fire time that was pending then; null if it was paused; undefined means the first that its trigger names after `at`. */
  readonly first: number | null | undefined;
  readonly actor: string | null;
  readonly reason: string | null;
}

const sinceSchema = z.object({ at: z.int(), first: z.int().nullish(), actor: given, reason: given });

/** null if the record has none, or one that cannot be read. */
export function readSince(value: unknown): Since | null {
  const { data } = sinceSchema.safeParse(value);
  return data ? { at: data.at, first: data.first, actor: data.actor ?? null, reason: data.reason ?? null } : null;
}

/** A job's record with the members of an earlier revision in their places. */
export function recordBefore(
  record: Readonly<Record<string, unknown>>,
  was: NonNullable<RecordedChange['was']>,
): Readonly<Record<string, unknown>> {
  const all = Object.entries({ ...record, ...was });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}
