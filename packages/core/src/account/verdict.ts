import type { DatedRecord } from './recorded.js';
import { fireTimeAfter, fireTimeBefore, hasFireTime, isAside, mayHave, type Revision } from './revision.js';
import type { Timeline } from './timeline.js';

/** The nearest fire times on both sides of an instant, ms. */
interface Neighbours {
  readonly previous: number | null;
  readonly next: number | null;
}

/** What the account alone says about an instant, ms. */
export type Verdict =
  /**
   * `revision`: the revision whose fire time it is; the last of the `owners` if several have it. null if it belongs to none: a caller asked for the
   * run, or its revision is no longer known.
   */
  | {
      readonly kind: 'outcome';
      readonly record: DatedRecord;
      readonly revision: Revision | null;
      readonly owners: readonly Revision[];
    }
  /** It is a fire time that is not claimed yet. */
  | { readonly kind: 'pending'; readonly revision: Revision }
  /** It is a fire time without an outcome. Its run is owed, or there is a fault; or the job was moved to quarantine with it, at `asideSince`, ms. */
  | { readonly kind: 'open'; readonly revision: Revision; readonly asideSince: number | null }
  | {
      readonly kind: 'not_named';
      readonly revision: Revision;
      readonly near: Neighbours;
      readonly other: Revision | null;
    }
  | { readonly kind: 'paused'; readonly revision: Revision }
  | {
      readonly kind: 'quarantined';
      readonly from: number;
      readonly to: number | null;
      readonly revision: Revision | null;
    }
  | { readonly kind: 'not_existing'; readonly before: Revision | null; readonly after: Revision | null }
  | { readonly kind: 'unknown_before'; readonly from: number };

export type OutcomeVerdict = Extract<Verdict, { kind: 'outcome' }>;

/** Returns what the account says about a job at an instant (ms). */
export function verdictOf(timeline: Timeline, instant: number): Verdict {
  const { revisions } = timeline;
  const owners = revisions.filter((revision) => couldHave(revision, instant) && hasFireTime(revision, instant));
  const records = timeline.outcomes.at(instant);
  // If several revisions have it, the last recorded outcome belongs to the last revision.
  const latestFirst = records.toSorted((one, other) => closedAt(other) - closedAt(one));
  for (const revision of owners.toReversed()) {
    const record = latestFirst.find((one) => (one.form === 'range' || !one.asked) && mayHave(revision, one));
    if (record) return { kind: 'outcome', record, revision, owners };
  }
  const owner = owners.at(-1);
  if (owner) return ofFireTime(timeline, owner, instant);
  // A range holds the fire times that a trigger names. A stretch itself says which fire times it holds.
  const stretches = records.filter((one) => one.form === 'stretch');
  // If a run failed and was run again, the failure is first.
  const record = stretches.find((one) => one.outcome === 'error') ?? stretches[0];
  if (record) return { kind: 'outcome', record, revision: null, owners };
  return ofOther(timeline, instant);
}

function closedAt(record: DatedRecord): number {
  return record.closedAt ?? Number.POSITIVE_INFINITY;
}

function ofFireTime({ pending, speaksFrom }: Timeline, revision: Revision, instant: number): Verdict {
  if (revision.to === null && pending && instant >= pending.fireTime) return { kind: 'pending', revision };
  if (instant <= speaksFrom) return { kind: 'unknown_before', from: speaksFrom };
  return { kind: 'open', revision, asideSince: isAside(revision) ? revision.to : null };
}

function ofOther(timeline: Timeline, instant: number): Verdict {
  const { revisions, knownFrom } = timeline;
  const hole = timeline.quarantined.find(
    ({ from, to }) => from <= instant && instant < (to ?? Number.POSITIVE_INFINITY),
  );
  const revision = revisions.findLast((one) => isAt(one, instant)) ?? null;
  if (hole && (!revision || hole.to !== null)) return { kind: 'quarantined', ...hole, revision };
  if (!revision || (revision.from === null && instant < timeline.speaksFrom)) {
    if (instant < knownFrom || (revision && instant < timeline.speaksFrom)) {
      return { kind: 'unknown_before', from: Math.max(knownFrom, revision ? timeline.speaksFrom : knownFrom) };
    }
    const before = revisions.findLast(({ to }) => to !== null && to <= instant) ?? null;
    const after = revisions.find(({ from }) => from !== null && from > instant) ?? null;
    return { kind: 'not_existing', before, after };
  }
  if (revision.paused) return { kind: 'paused', revision };
  const near = { previous: lastBefore(revisions, instant), next: firstAfter(revisions, instant) };
  const names = (one: Revision) => one.compiled.nextMs(instant - 1) === instant;
  const other = names(revision) ? null : (revisions.findLast((one) => one !== revision && names(one)) ?? null);
  return { kind: 'not_named', revision, near, other };
}

function couldHave({ first, until }: Revision, instant: number): boolean {
  return first !== null && first <= instant && instant <= until;
}

function isAt({ from, to }: Revision, instant: number): boolean {
  return (from ?? Number.NEGATIVE_INFINITY) <= instant && instant < (to ?? Number.POSITIVE_INFINITY);
}

function lastBefore(revisions: readonly Revision[], instant: number): number | null {
  for (const revision of revisions.toReversed()) {
    const found = fireTimeBefore(revision, Math.min(instant, revision.until + 1));
    if (found !== null) return found;
  }
  return null;
}

function firstAfter(revisions: readonly Revision[], instant: number): number | null {
  const found = revisions.map((revision) => fireTimeAfter(revision, instant)).filter((at) => at !== null);
  return found.length > 0 ? Math.min(...found) : null;
}
