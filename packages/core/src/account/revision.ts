import type { JobDefinition } from '../job/definition.js';
import { readRecord } from '../job/record.js';
import type { CompiledTrigger } from '../trigger/index.js';
import type { RecordedChange, Since } from './change.js';
import type { DatedRecord } from './recorded.js';

/** What a change did to a job, by which actor and why. */
export interface Deed {
  /** null if not known, because the account does not go back that far. */
  readonly what: RecordedChange['what'] | 'added' | null;
  readonly actor: string | null;
  readonly reason: string | null;
}

/** A job as it was between one change and the next. Instants are ms. */
export interface Revision {
  readonly rev: number;
  readonly generation: number;
  readonly definition: JobDefinition;
  readonly compiled: CompiledTrigger;
  /** null if not known. */
  readonly from: number | null;
  /** null if this is the present revision. */
  readonly to: number | null;
  readonly began: Deed;
  /** null if this is the present revision. */
  readonly ended: Deed | null;
  readonly paused: boolean;
  /** If the job was moved to quarantine: the fire time that was pending then. null if not known, or if the job was not moved. */
  readonly owed: number | null;
  /** Its first fire time; null if it has none. */
  readonly first: number | null;
  /** No fire time of the revision is after this. */
  readonly until: number;
}

type Raw = Readonly<Record<string, unknown>>;

interface Parts {
  readonly id: string;
  readonly rev: number;
  readonly generation: number;
  readonly record: Raw;
  readonly since: Since | null;
  readonly to: number | null;
  readonly began: Deed;
  readonly ended: Deed | null;
  readonly owed: number | null;
  /** The next revision, if one continues this one's fire times. */
  readonly next: Revision | null;
  /** Returns the first fire time, if nothing records when the revision began; null if it is paused. */
  readonly firstKnown: (compiled: CompiledTrigger) => number | null;
}

/** Returns a revision from its recorded data, or why it cannot be read. */
export function revisionOf(parts: Parts): Revision | string {
  const { id, rev, generation, since, to, began, ended, owed, next } = parts;
  const read = readRecord(id, parts.record);
  if (typeof read === 'string') return `its record cannot be read: ${read}`;
  const { definition, compiled } = read;
  const first = since ? firstSince(since, compiled) : parts.firstKnown(compiled);
  const goesOn = next !== null && next.generation === generation;
  const until = goesOn ? (next.first ?? Number.POSITIVE_INFINITY) - 1 : (to ?? Number.POSITIVE_INFINITY);
  const paused = since ? since.first === null : first === null;
  const from = since?.at ?? null;
  return { rev, generation, definition, compiled, from, to, began, ended, paused, owed, first, until };
}

function firstSince({ at, first }: Since, compiled: CompiledTrigger): number | null {
  return first === undefined ? compiled.nextMs(at) : first;
}

/** The first fire time of a revision strictly after an instant, ms; null if there is none. */
export function fireTimeAfter({ first, until, compiled }: Revision, after: number): number | null {
  if (first === null) return null;
  const fireTime = first > after ? first : compiled.nextMs(after);
  return fireTime !== null && fireTime <= until ? fireTime : null;
}

/** Whether an instant is a fire time of a revision. */
export function hasFireTime(revision: Revision, instant: number): boolean {
  return fireTimeAfter(revision, instant - 1) === instant;
}

/**
 * Whether the revision ended in quarantine, or was removed from there. The fire times that it owed have no outcome. A revision that is back
 * continues.
 */
export function isAside({ ended }: Revision): boolean {
  return ended?.what === 'quarantined';
}

/**
 * Whether outcomes may belong to a revision. A range has all fire times that one trigger names from its first to its last: the trigger of its
 * generation, or, if that is not known, of each revision that has both.
 */
export function mayHave(revision: Revision, record: DatedRecord): boolean {
  if (record.form === 'stretch') return true;
  if (record.generation !== null) return record.generation === revision.generation;
  return hasFireTime(revision, record.first) && hasFireTime(revision, record.last);
}

/** The last fire time of a revision before an instant, ms; null if there is none. */
export function fireTimeBefore(revision: Revision, instant: number): number | null {
  const { first } = revision;
  if (first === null || first >= instant) return null;
  for (let width = 1_000; ; width *= 2) {
    const from = Math.max(first - 1, instant - width);
    const found = lastBetween(revision, from, instant);
    if (found !== null) return found;
    if (from < first) return null;
  }
}

/** The last fire time after `from` and before `to`. There may be many, so it halves the time between them. */
function lastBetween(revision: Revision, from: number, to: number): number | null {
  const within = (after: number) => {
    const next = fireTimeAfter(revision, after);
    return next !== null && next < to ? next : null;
  };
  let low = from;
  let high = to;
  while (high - low > 2) {
    const middle = Math.floor((low + high) / 2);
    const next = within(middle);
    if (next === null) high = middle + 1;
    else low = next;
  }
  return within(low) ?? (low > from ? low : null);
}
