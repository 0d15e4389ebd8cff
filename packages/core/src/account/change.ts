import { z } from 'zod';
import type { ChangeKind } from '../job/account.js';

/** The record of a change of a job. */
export interface RecordedChange {
  /** A newer release may have other kinds. */
  readonly what: ChangeKind | (string & {});
  readonly actor: string | null;
  readonly reason: string | null;
  /** When the change was decided, ms, if that is not when it was recorded. */
  readonly at: number | null;
  /**
   * For a job that was moved to quarantine: the fire time that was pending then, ms. This fire time and later ones have no outcome until the job is
   * back.
   */
  readonly owed: number | null;
  /**
   * The fire time that was pending when the change was recorded, ms; null if the job was paused. undefined if the change set it: the record that
   * the change made has it.
   */
  readonly first?: number | null | undefined;
  /**
   * The members of the job's record that differ, with their earlier values; a value is null if there was none. null as a whole: the earlier record
   * is not known. Empty if the job ended.
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
  first: z.int().nullish(),
  was: z.record(z.string(), z.unknown()).nullish(),
});

/** Reads the JSON of a change; null if it cannot be read. */
export function readChange(json: unknown): RecordedChange | null {
  const { data } = changeSchema.safeParse(json);
  if (!data) return null;
  const { what, actor = null, reason = null, at = null, owed = null, first, was } = data;
  return { what, actor, reason, at, owed, first, was: was === undefined ? {} : was };
}

/** When a revision of a job was made, by which actor and why, and with which fire time it begins. */
export interface Since {
  /** The time of the store when the job was read, ms. */
  readonly at: number;
  /** The fire time that was pending then; null if the job was paused; undefined means the first one that its trigger names after `at`. */
  readonly first: number | null | undefined;
  readonly actor: string | null;
  readonly reason: string | null;
}

const sinceSchema = z.object({ at: z.int(), first: z.int().nullish(), actor: given, reason: given });

/** Reads `since` of a record; null if the record has none, or if it cannot be read. */
export function readSince(value: unknown): Since | null {
  const { data } = sinceSchema.safeParse(value);
  return data ? { at: data.at, first: data.first, actor: data.actor ?? null, reason: data.reason ?? null } : null;
}

/** Returns a job's record with the members of an earlier revision put in. */
export function recordBefore(
  record: Readonly<Record<string, unknown>>,
  was: NonNullable<RecordedChange['was']>,
): Readonly<Record<string, unknown>> {
  const all = Object.entries({ ...record, ...was });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}
