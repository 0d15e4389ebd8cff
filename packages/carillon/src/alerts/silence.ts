import type { StoredSilence } from '@carillon/core/internal';
import { z } from 'zod';
import type { OpenAlert } from './open-alert.js';
import { isAbout, isAmong } from './pattern.js';

const patterns = z.array(z.string()).exactOptional();
const schema = z.object({
  rule: patterns,
  job: patterns,
  task: patterns,
  executor: patterns,
  actor: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});

/**
 * A silence: the alerts that it matches are not delivered until an instant. Without a pattern, it matches all alerts of the job store.
 */
export interface Silence {
  readonly rule?: readonly string[];
  readonly job?: readonly string[];
  readonly task?: readonly string[];
  readonly executor?: readonly string[];
  readonly actor?: string;
  readonly reason?: string;
  readonly id: string;
  readonly jobStore: string;
  readonly until: Date;
}

/** undefined if it cannot be read. */
export function silenceOf(jobStore: string, { id, until, json }: StoredSilence): Silence | undefined {
  try {
    return { ...schema.parse(JSON.parse(json)), id, jobStore, until: new Date(until) };
  } catch {
    return undefined;
  }
}

export function isSilenced({ rule, subject }: OpenAlert, silences: readonly Silence[], now: number): boolean {
  return silences.some(
    (silence) => silence.until.getTime() > now && isAmong(silence.rule, rule) && isAbout(silence, subject),
  );
}
