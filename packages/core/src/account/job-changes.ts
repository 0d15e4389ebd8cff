import { isDeepStrictEqual } from 'node:util';
import type { JobDefinition } from '../job/definition.js';
import { ROWS } from '../job/field-values.js';
import type { JsonValue } from '../json.js';
import type { Deed, Revision } from './revision.js';
import type { Timeline } from './timeline.js';

/** A change of a job. */
export interface RecordedJobChange {
  /** When it was made; null if not known. */
  readonly at: Date | null;
  /** `added`, `modified`, `rescheduled`, `replaced`, `paused`, `resumed`, `removed`, `finished` or `quarantined`; null if not known. */
  readonly what: string | null;
  /** The actor that the call named; null if it named none. */
  readonly actor: string | null;
  readonly reason: string | null;
  /** The revision that it made; null if it ended the job. */
  readonly revision: number | null;
  /** The fields that differ from the revision before, by their names in `JobSpec`. Empty if the job was added, or if it ended. */
  readonly changed: readonly ChangedMember[];
}

export interface ChangedMember {
  readonly member: string;
  /** The value before; null if it had none. Durations are ms. */
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** The changes of a job, newest first. */
export function jobChangesOf({ revisions }: Pick<Timeline, 'revisions'>): readonly RecordedJobChange[] {
  const changes: RecordedJobChange[] = [];
  for (const [place, revision] of revisions.entries()) {
    const before = revisions[place - 1];
    const goesOn = before !== undefined && before.to === revision.from && !isEnd(before.ended);
    changes.push({
      ...made(revision.began, revision.from),
      revision: revision.rev,
      changed: goesOn ? difference(before, revision) : [],
    });
    if (isEnd(revision.ended)) changes.push({ ...made(revision.ended, revision.to), revision: null, changed: [] });
  }
  return changes.toReversed();
}

const ENDS = ['removed', 'finished', 'quarantined'];

function isEnd(deed: Deed | null): deed is Deed {
  return deed !== null && ENDS.includes(deed.what ?? '');
}

function made({ what, actor, reason }: Deed, at: number | null) {
  return { at: at === null ? null : new Date(at), what, actor, reason };
}

function difference(before: Revision, after: Revision): readonly ChangedMember[] {
  const [old, made] = [membersOf(before), membersOf(after)];
  return Object.keys(old).flatMap((member) => {
    const [was, is] = [old[member] ?? null, made[member] ?? null];
    return isDeepStrictEqual(was, is) ? [] : [{ member, before: was, after: is }];
  });
}

/** The fields that a change can change and that users see. */
const COMPARED = ROWS.filter(({ hidden, fixed }) => !hidden && !fixed);

function membersOf({ definition, paused }: Revision): Readonly<Record<string, JsonValue>> {
  const named = COMPARED.map(({ name, key }) => [name, json(definition[key as keyof JobDefinition])] as const);
  return { ...Object.fromEntries(named), paused };
}

function json(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}
