import { isDeepStrictEqual } from 'node:util';
import type { JobDefinition } from '../job/definition.js';
import type { JsonValue } from '../json.js';
import type { Deed, Revision } from './revision.js';
import type { Timeline } from './timeline.js';

/** What was done to a job. */
export interface RecordedJobChange {
  /** null: not known. */
  readonly at: Date | null;
  /** `added`, `modified`, `rescheduled`, `replaced`, `paused`, `resumed`, `removed`, `finished` or `quarantined`; null: not known. */
  readonly what: string | null;
  /** null: nobody said so. */
  readonly actor: string | null;
  readonly reason: string | null;
  /** Which revision it made; null: the job ended by it. */
  readonly revision: number | null;
  /** What differs from the revision before it, by the names of `JobSpec`. Empty where the job was added, or ended. */
  readonly changed: readonly ChangedMember[];
}

export interface ChangedMember {
  readonly member: string;
  /** null: it had none. Durations are ms. */
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** What was done to a job, newest first. */
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

/** As `JobSpec` has them, and whether it is paused. What follows from others, and what says how it came about, is left out. */
function membersOf({ definition, paused }: Revision): Readonly<Record<string, JsonValue | undefined>> {
  const { trigger, retry, history, ...rest }: JobDefinition = definition;
  return {
    task: rest.task,
    args: rest.args as JsonValue,
    kwargs: rest.kwargs,
    name: rest.name,
    tags: rest.tags as JsonValue,
    description: rest.description,
    trigger: json(trigger),
    timezone: rest.timezone,
    executor: rest.executor,
    maxInstances: rest.maxInstances,
    misfireGraceTime: rest.misfireGraceMs,
    coalesce: rest.coalesce,
    overlap: rest.overlap,
    priority: rest.priority,
    timeout: rest.timeoutMs,
    retry: json(retry),
    history: json(history),
    maxRuns: rest.maxRuns,
    metrics: rest.metrics,
    paused,
  };
}

function json(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
